package io.goodhart.domain.cost;

import static io.goodhart.domain.Specs.arms;
import static io.goodhart.domain.Specs.dpo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.goodhart.domain.Specs;
import io.goodhart.domain.model.ModelRevision;
import io.goodhart.domain.plan.ExperimentFacts;
import io.goodhart.domain.plan.Plan;
import io.goodhart.domain.plan.PlannedTask;
import io.goodhart.domain.plan.Planner;
import io.goodhart.domain.plan.Scorer;
import io.goodhart.domain.plan.TaskKey;
import io.goodhart.domain.plan.TaskSpec;
import io.goodhart.domain.spec.ArmSpec;
import io.goodhart.domain.spec.ArmSpec.TaskReward;
import io.goodhart.domain.spec.ExperimentSpec;
import io.goodhart.domain.spec.PairSpec;
import io.goodhart.domain.spec.ResponseSpec;
import io.goodhart.domain.spec.TrainingSettings;
import io.goodhart.domain.spec.TrainingSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CostEstimateTest {
    private static final int LONGEST_PROMPT = 20;
    private static final int CONTEXT = 128;

    private final ExperimentSpec spec =
            Specs.experiment(arms("baseline", new ArmSpec.None(), "dpo", dpo(ArmSpec.LabelBy.SCORER, null)), 1L, 2L);
    private final Plan plan = Planner.plan(spec, Specs.facts(), Set.of());
    private final Map<TaskKey, Workload> work = PlannedWorkloads.of(plan, LONGEST_PROMPT, CONTEXT);

    private List<PlannedTask> ofKind(Class<? extends TaskSpec> kind) {
        return plan.tasks().stream()
                .filter(task -> kind.isInstance(task.spec()))
                .toList();
    }

    private Workload work(PlannedTask task) {
        return work.getOrDefault(task.key(), Workload.NOTHING);
    }

    /** Every task of every kind took one second a unit. */
    private Speeds oneSecondAUnit() {
        return Speeds.of(plan.tasks().stream().map(task -> finished(task, 1)).toList());
    }

    private FinishedTask finished(PlannedTask task, double secondsPerUnit) {
        Workload done = work(task);
        int longest = spec.responses().maxNewTokens();
        return switch (task.spec()) {
            case TaskSpec.Train train -> {
                double units = (double) done.steps() * batch(train.settings()) * longest;
                yield new FinishedTask(train, units * secondsPerUnit, done.steps(), longest);
            }
            case TaskSpec.Score score ->
                new FinishedTask(score, done.units() * secondsPerUnit, responses(done, longest), longest);
            case TaskSpec.LogProbs logProbs ->
                new FinishedTask(logProbs, done.units() * secondsPerUnit, responses(done, longest), longest);
            default -> new FinishedTask(task.spec(), done.units() * secondsPerUnit, 0, 0);
        };
    }

    private static long responses(Workload done, int tokens) {
        return Math.round(done.units() / tokens);
    }

    private static int batch(TrainingSettings settings) {
        return settings.perDeviceTrainBatchSize() * settings.gradientAccumulationSteps();
    }

    @Test
    void stepsAndTokensFollowFromPromptsEpochsAndBatch() {
        int prompts = spec.pairs() == null ? 0 : spec.pairs().prompts();
        for (PlannedTask task : ofKind(TaskSpec.Train.class)) {
            TrainingSettings settings = ((TaskSpec.Train) task.spec()).settings();
            long epochs = settings.numTrainEpochs();
            assertThat(work(task).steps()).isEqualTo(Math.ceilDiv(prompts, batch(settings)) * epochs);
            assertThat(work(task).tokens())
                    .isEqualTo(prompts
                            * epochs
                            * Math.min(
                                    2 * CONTEXT,
                                    LONGEST_PROMPT + 2 * spec.responses().maxNewTokens()));
        }
        assertThat(ofKind(TaskSpec.Train.class)).hasSize(2);
    }

    @Test
    void textsThatAnEvaluationRefitsProbesOnCountToo() {
        PlannedTask refitting = ofKind(TaskSpec.Evaluate.class).stream()
                .filter(task -> task.inputs().containsKey("refit.responses.0"))
                .findFirst()
                .orElseThrow();
        TaskSpec.Evaluate evaluate = (TaskSpec.Evaluate) refitting.spec();
        TaskSpec.Generate texts = (TaskSpec.Generate)
                plan.task(refitting.inputs().get("refit.responses.0").task()).spec();
        long corpora = evaluate.corpora().values().stream()
                .mapToLong(slice -> slice.count())
                .sum();
        long rows = 4L * evaluate.prompts().count() + (long) texts.prompts().count() * texts.samplesPerPrompt();
        assertThat(work(refitting).tokens())
                .isEqualTo(rows * (LONGEST_PROMPT + spec.responses().maxNewTokens()) + corpora * CONTEXT);
    }

    @Test
    void everyTaskHasWork() {
        assertThat(plan.tasks())
                .allSatisfy(task -> assertThat(work(task).units()).isPositive());
    }

    @Test
    void manyWorkersWaitForTheLongestChainAndOneDoesItAll() {
        double all =
                plan.tasks().stream().mapToDouble(task -> work(task).units()).sum();
        CostEstimate alone = CostEstimate.of(plan, work, Set.of(), oneSecondAUnit(), 1);
        assertThat(alone.seconds()).isCloseTo(all, within(0.05 * all)); // a last batch is not full
        assertThat(alone.unmeasured()).isEmpty();
        CostEstimate many = CostEstimate.of(plan, work, Set.of(), oneSecondAUnit(), 1000);
        assertThat(many.seconds()).isCloseTo(longestChain(), within(0.05 * longestChain()));
        assertThat(many.seconds()).isLessThan(alone.seconds());
    }

    private double longestChain() {
        Map<TaskKey, Double> ends = new HashMap<>();
        for (PlannedTask task : plan.tasks()) {
            double begin = task.inputs().values().stream()
                    .mapToDouble(input -> ends.getOrDefault(input.task(), 0.0))
                    .max()
                    .orElse(0);
            ends.put(task.key(), begin + work(task).units());
        }
        return ends.values().stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    }

    @Test
    void whatIsComputedAlreadyCostsNothing() {
        Set<TaskKey> generated = Set.copyOf(
                ofKind(TaskSpec.Generate.class).stream().map(PlannedTask::key).toList());
        CostEstimate all = CostEstimate.of(plan, work, Set.of(), oneSecondAUnit(), 1);
        CostEstimate rest = CostEstimate.of(plan, work, generated, oneSecondAUnit(), 1);
        assertThat(rest.reused()).isEqualTo(generated);
        assertThat(rest.workByKind()).doesNotContainKey("generate").containsKey("train");
        assertThat(rest.seconds()).isLessThan(all.seconds());
    }

    @Test
    void aKindThatWasNeverMeasuredIsNamedAndItsTimeLeftOut() {
        CostEstimate estimate = CostEstimate.of(plan, work, Set.of(), allBut(TaskSpec.Train.class), 1);
        double trainings = ofKind(TaskSpec.Train.class).stream()
                .mapToDouble(task -> work(task).units())
                .sum();
        double all =
                plan.tasks().stream().mapToDouble(task -> work(task).units()).sum();
        assertThat(estimate.unmeasured()).containsExactly("train");
        assertThat(estimate.seconds()).isCloseTo(all - trainings, within(1e-6));
    }

    @Test
    void trainingThatSamplesIsNamedApartFromTrainingThatDoesNot() {
        ArmSpec grpo =
                new ArmSpec.Grpo(TaskReward.BEHAVIOUR, null, null, null, 4, null, null, null, TrainingSpec.EMPTY);
        ExperimentSpec both = Specs.experiment(arms("dpo", dpo(ArmSpec.LabelBy.SCORER, null), "grpo", grpo), 1L);
        Plan sampling = Planner.plan(both, Specs.facts(), Set.of());
        CostEstimate estimate = CostEstimate.of(
                sampling, PlannedWorkloads.of(sampling, LONGEST_PROMPT, CONTEXT), Set.of(), oneSecondAUnit(), 1);
        assertThat(estimate.unmeasured()).containsExactly("train/grpo");
    }

    @Test
    void whatTakesNoTimeNeedNotBeMeasured() {
        CostEstimate estimate =
                CostEstimate.of(plan, work, Set.of(), allBut(TaskSpec.BuildPairs.class, TaskSpec.Report.class), 1);
        assertThat(estimate.unmeasured()).isEmpty();
        assertThat(estimate.seconds()).isPositive();
        assertThat(estimate.workByKind()).containsKeys("build_pairs", "report");
    }

    @Test
    void withoutAnyMeasurementEveryKindThatTakesLongIsMissing() {
        CostEstimate estimate = CostEstimate.of(plan, work, Set.of(), Speeds.of(List.of()), 1);
        assertThat(estimate.seconds()).isZero();
        assertThat(estimate.unmeasured())
                .containsExactly("evaluate", "fit_probes", "generate", "log_probs", "score", "train");
    }

    @Test
    void responsesTwiceAsLongTakeTwiceAsLong() {
        Plan longer =
                Planner.plan(Specs.withResponses(spec, new ResponseSpec(48, 1.0, 0, 1.0)), Specs.facts(), Set.of());
        Map<TaskKey, Workload> longerWork = PlannedWorkloads.of(longer, LONGEST_PROMPT, CONTEXT);
        Map<String, Double> seconds = secondsByKind(plan, work);
        Map<String, Double> longerSeconds = secondsByKind(longer, longerWork);
        for (String kind : List.of("generate", "score", "log_probs", "train")) {
            assertThat(longerSeconds.get(kind)).as(kind).isCloseTo(2 * at(seconds, kind), within(1e-6));
        }
        // corpora are as long as they were
        assertThat(at(longerSeconds, "evaluate")).isBetween(1.9 * at(seconds, "evaluate"), 2 * at(seconds, "evaluate"));
        assertThat(at(longerSeconds, "fit_probes")).isEqualTo(at(seconds, "fit_probes"));
    }

    private static double at(Map<String, Double> seconds, String kind) {
        return Objects.requireNonNull(seconds.get(kind));
    }

    private Map<String, Double> secondsByKind(Plan of, Map<TaskKey, Workload> its) {
        Speeds speeds = oneSecondAUnit();
        return of.tasks().stream()
                .collect(Collectors.groupingBy(
                        task -> task.spec().kind(),
                        Collectors.summingDouble(
                                task -> speeds.seconds(task.spec(), its.getOrDefault(task.key(), Workload.NOTHING))
                                        .orElseThrow())));
    }

    @Test
    void lookingForWordsAndReadingPairsNeedNotBeMeasured() {
        ExperimentFacts facts = Specs.facts();
        ExperimentFacts words =
                new ExperimentFacts(facts.model(), new Scorer.Lexicon(List.of("please"), null, 1), facts.datasets());
        Plan lexicon = Planner.plan(spec, words, Set.of());
        assertThat(CostEstimate.of(
                                lexicon,
                                PlannedWorkloads.of(lexicon, LONGEST_PROMPT, CONTEXT),
                                Set.of(),
                                allBut(TaskSpec.Score.class),
                                1)
                        .unmeasured())
                .isEmpty();
        ExperimentSpec reading = Specs.withPairs(
                Specs.experiment(arms("read", dpo(ArmSpec.LabelBy.DATASET, null)), 1L),
                new PairSpec(0, 2, 0.0, null, "data/texts.jsonl", "prompt", "chosen", "rejected", null, 40));
        Plan pairs = Planner.plan(reading, Specs.facts(), Set.of());
        assertThat(CostEstimate.of(
                                pairs,
                                PlannedWorkloads.of(pairs, LONGEST_PROMPT, CONTEXT),
                                Set.of(),
                                oneSecondAUnit(),
                                1)
                        .unmeasured())
                .isEmpty();
    }

    @Test
    void anotherClassifierWasNotMeasured() {
        ExperimentFacts facts = Specs.facts();
        Scorer other = new Scorer.Classifier(new ModelRevision("models/other", "f".repeat(64)), "toxic");
        Plan scored = Planner.plan(spec, new ExperimentFacts(facts.model(), other, facts.datasets()), Set.of());
        assertThat(CostEstimate.of(
                                scored,
                                PlannedWorkloads.of(scored, LONGEST_PROMPT, CONTEXT),
                                Set.of(),
                                oneSecondAUnit(),
                                1)
                        .unmeasured())
                .containsExactly("score");
    }

    private Speeds allBut(Class<?>... kinds) {
        return Speeds.of(plan.tasks().stream()
                .filter(task -> Stream.of(kinds).noneMatch(kind -> kind.isInstance(task.spec())))
                .map(task -> finished(task, 1))
                .toList());
    }

    @Test
    void speedIsSecondsOverUnitsOfAllTasksTogether() {
        PlannedTask task = ofKind(TaskSpec.Evaluate.class).getFirst();
        Speeds speeds = Speeds.of(List.of(finished(task, 1), finished(task, 3)));
        assertThat(speeds.seconds(task.spec(), work(task)).orElseThrow())
                .isCloseTo(2 * work(task).units(), within(1e-9));
        assertThat(speeds.tasks()).isEqualTo(2);
    }
}
