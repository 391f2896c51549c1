package io.goodhart.domain.plan;

import io.goodhart.domain.model.DatasetRevision;
import io.goodhart.domain.plan.Plan.RunRef;
import io.goodhart.domain.spec.ArmSpec;
import io.goodhart.domain.spec.ExperimentSpec;
import io.goodhart.domain.spec.PairLossSettings;
import io.goodhart.domain.spec.SeedFactor;
import io.goodhart.domain.spec.TrainingSettings;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;

/**
 * Turns a specification into a graph of content-addressed tasks. A pure function: the same specification and facts give
 * the same plan. What is equal between arms and seeds is planned once, because equal tasks have equal keys.
 */
public final class Planner {
    private final ExperimentSpec spec;
    private final ExperimentFacts facts;
    private final Set<String> checkpointed;
    private final TaskGraph graph = new TaskGraph();
    private final Map<PlanSeeds, Setup> setups = new LinkedHashMap<>();
    private final Map<RunRef, SequencedSet<TaskKey>> runs = new LinkedHashMap<>();
    private final Map<String, OutputRef> reportInputs = new LinkedHashMap<>();

    private Planner(ExperimentSpec spec, ExperimentFacts facts, Set<String> checkpointed) {
        this.spec = spec;
        this.facts = facts;
        this.checkpointed = checkpointed;
    }

    /**
     * Plans a specification that has been validated.
     *
     * @param checkpointed arms that train with gradient checkpointing, as the memory estimate has it. Of arms that are one task the
     *     first one's choice holds
     */
    public static Plan plan(ExperimentSpec spec, ExperimentFacts facts, Set<String> checkpointed) {
        return new Planner(spec, facts, checkpointed).plan();
    }

    /** Tasks of a specification at most: as many as there are if no two arms or seeds share any. */
    public static long size(ExperimentSpec spec) {
        long setups = spec.varies(SeedFactor.SAMPLING) || spec.varies(SeedFactor.PROBES)
                ? spec.seeds().size()
                : 1;
        long candidates =
                spec.pairs() == null ? 0 : 3L * Math.ceilDiv(spec.pairs().prompts(), Shared.SHARD);
        long probes = 2L * (spec.probes().train() + spec.probes().heldOut()) + 1;
        long retrained = spec.probes().retrained() == 0 ? 0 : 2L * spec.probes().retrained() + 1;
        long baseline = (spec.varies(SeedFactor.SAMPLING) ? 4 : 2) + retrained;
        long arms = spec.arms().values().stream()
                .mapToLong(arm -> switch (arm) {
                    case ArmSpec.None ignored -> 0;
                    case ArmSpec.Dpo ignored ->
                        spec.seeds().size() * (2 + spec.evaluation().dpoPoints() + retrained);
                    case ArmSpec.Grpo ignored ->
                        spec.seeds().size() * (1 + spec.evaluation().dpoPoints() + retrained);
                    case ArmSpec.BestOfN ignored ->
                        spec.seeds().size()
                                + 2L * setups * Math.ceilDiv(spec.evaluation().prompts(), Shared.SHARD);
                    case ArmSpec.Sft ignored ->
                        spec.seeds().size() * (1 + spec.evaluation().sftPoints() + retrained);
                    case ArmSpec.ProbeSft ignored ->
                        spec.seeds().size() * (1 + spec.evaluation().sftPoints() + retrained);
                })
                .sum();
        return setups * (candidates + probes + baseline) + arms + 1;
    }

    private Plan plan() {
        reportInputs.put(
                "sweep", setup(spec.seeds().getFirst()).shared().probes().output("sweep"));
        List<Training> trainings = new ArrayList<>();
        spec.arms().forEach((name, arm) -> planTrainings(name, arm, trainings));
        trainings.forEach(training ->
                planEvaluations(training, setup(training.run().seed()).evaluations()));
        PlannedTask report = graph.add(
                new TaskSpec.Report(
                        spec.name(),
                        spec.behaviour().name(),
                        spec.behaviour().threshold(),
                        completeArms(),
                        spec.seeds(),
                        spec.seedVaries().equals(List.of(SeedFactor.TRAINING)) ? null : spec.seedVaries(),
                        spec.probeResponses().equals(spec.responses().inEffect()) ? null : spec.probeResponses(),
                        Splits.of(spec, facts).inDomain().orElse(null),
                        sources()),
                reportInputs,
                "report");
        Map<RunRef, List<TaskKey>> tasksOfRuns = new LinkedHashMap<>();
        runs.forEach((run, keys) -> tasksOfRuns.put(run, List.copyOf(keys)));
        return new Plan(graph.tasks(), tasksOfRuns, report.key());
    }

    private List<DatasetRevision> sources() {
        return graph.tasks().stream()
                .flatMap(task -> task.spec().datasets().stream())
                .distinct()
                .sorted(Comparator.comparing(DatasetRevision::path))
                .toList();
    }

    private Map<String, ArmSpec> completeArms() {
        Map<String, ArmSpec> complete = new LinkedHashMap<>();
        spec.arms().forEach((name, arm) -> complete.put(name, arm.over(spec.training())));
        return complete;
    }

    /** What runs share whose seeds vary the training alone; runs of other seeds too, if these vary nothing else. */
    private Setup setup(long seed) {
        return setups.computeIfAbsent(PlanSeeds.of(spec, seed), seeds -> {
            Shared shared = new Shared(spec, facts, graph, seeds);
            return new Setup(shared, new Evaluations(spec, graph, shared, seeds));
        });
    }

    private record Setup(Shared shared, Evaluations evaluations) {}

    private void planTrainings(String name, ArmSpec arm, List<Training> trainings) {
        for (long seed : spec.seeds()) {
            RunRef run = new RunRef(name, seed);
            Shared shared = setup(seed).shared();
            Evaluations evaluations = setup(seed).evaluations();
            if (arm instanceof ArmSpec.BestOfN best) {
                recordBest(run, best, evaluations.best(run, best));
                continue; // no training
            }
            Optional<PlannedTask> pairs =
                    arm instanceof ArmSpec.Dpo dpo ? Optional.of(shared.pairs(run, dpo)) : Optional.empty();
            pairs.ifPresent(task -> {
                record(run, task);
                reportInputs.put("pairs." + key(run), task.output("summary"));
            });
            objective(arm, shared)
                    .ifPresentOrElse(
                            objective -> trainings.add(train(run, arm, objective, pairs, shared)),
                            () -> recordFinal(run, evaluations.baseline()));
            recordPoint(run, 0, evaluations.start());
        }
    }

    private Training train(RunRef run, ArmSpec arm, Objective objective, Optional<PlannedTask> pairs, Shared shared) {
        Map<String, OutputRef> inputs = new LinkedHashMap<>();
        pairs.ifPresent(task -> inputs.put("pairs", task.output("pairs")));
        if (objective instanceof Objective.ProbeSft || objective instanceof Objective.Grpo) {
            inputs.put("probes", shared.probes().output("probes"));
        }
        int points = arm instanceof ArmSpec.Dpo || arm instanceof ArmSpec.Grpo
                ? spec.evaluation().dpoPoints()
                : spec.evaluation().sftPoints();
        PlannedTask task = graph.add(
                new TaskSpec.Train(
                        shared.model(),
                        objective,
                        TrainingSettings.of(spec.training().overlaid(arm.training())),
                        points,
                        PlanSeeds.training(run.seed()),
                        checkpointed.contains(run.arm()) ? true : null),
                inputs,
                "train " + name(run));
        record(run, task);
        reportInputs.put("training." + key(run), task.output("summary"));
        return new Training(run, task, points);
    }

    private void planEvaluations(Training training, Evaluations evaluations) {
        RunRef run = training.run();
        for (int point = 1; point < training.points(); point++) {
            OutputRef weights = training.task().output("weights." + point);
            String label = "evaluate %s, point %d".formatted(name(run), point);
            recordPoint(run, point, evaluations.atPoint(weights, label));
        }
        OutputRef trained = training.task().output("weights." + (training.points() - 1));
        recordFinal(run, evaluations.atEnd(trained, name(run)));
    }

    private Optional<Objective> objective(ArmSpec arm, Shared shared) {
        return switch (arm) {
            case ArmSpec.None ignored -> Optional.empty();
            case ArmSpec.BestOfN ignored -> Optional.empty();
            case ArmSpec.Dpo dpo ->
                Optional.of(
                        new Objective.Dpo(PairLossSettings.of(spec.training().overlaid(dpo.training()))));
            case ArmSpec.Sft ignored -> Optional.of(new Objective.Sft(trainingTexts()));
            case ArmSpec.ProbeSft sft ->
                Optional.of(new Objective.ProbeSft(
                        trainingTexts(),
                        sft.lambda(),
                        sft.probes(),
                        sft.combine(),
                        sft.switchEvery(),
                        sft.output(),
                        sft.activations()));
            case ArmSpec.Grpo grpo -> Optional.of(onPolicy(grpo, shared));
        };
    }

    private Objective onPolicy(ArmSpec.Grpo grpo, Shared shared) {
        return new Objective.Grpo(
                shared.allocation().pairs().orElseThrow(),
                spec.responses(),
                grpo.task() == ArmSpec.TaskReward.NONE ? null : shared.scorer(),
                grpo.task(),
                grpo.lambda(),
                grpo.probes(),
                grpo.combine(),
                grpo.numGenerations(),
                grpo.beta(),
                grpo.scaleRewards(),
                grpo.lossType());
    }

    private TextSlice trainingTexts() {
        return Splits.of(spec, facts).training().orElseThrow();
    }

    private void recordPoint(RunRef run, int point, PlannedTask task) {
        record(run, task);
        reportInputs.put("point." + key(run) + "." + point, task.output("evaluation"));
    }

    /** Its curve is over the number of responses to choose from, out of the one evaluation that has them all. */
    private void recordBest(RunRef run, ArmSpec.BestOfN arm, Evaluations.Final end) {
        recordFinal(run, end);
        arm.points()
                .forEach(point -> reportInputs.put(
                        "point." + key(run) + "." + point, end.evaluation().output("point." + point)));
    }

    private void recordFinal(RunRef run, Evaluations.Final end) {
        end.retrained().ifPresent(task -> record(run, task));
        record(run, end.evaluation());
        reportInputs.put("final." + key(run), end.evaluation().output("evaluation"));
        reportInputs.put("details." + key(run), end.evaluation().output("details"));
    }

    private void record(RunRef run, PlannedTask task) {
        runs.computeIfAbsent(run, key -> new LinkedHashSet<>()).add(task.key());
    }

    private static String key(RunRef run) {
        return run.arm() + "." + run.seed();
    }

    private static String name(RunRef run) {
        return run.arm() + ", seed " + run.seed();
    }

    private record Training(RunRef run, PlannedTask task, int points) {}
}
