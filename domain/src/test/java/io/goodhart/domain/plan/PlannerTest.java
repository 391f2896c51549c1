package io.goodhart.domain.plan;

import static io.goodhart.domain.Specs.arms;
import static io.goodhart.domain.Specs.dpo;
import static org.assertj.core.api.Assertions.assertThat;

import io.goodhart.domain.ProbeFields;
import io.goodhart.domain.Specs;
import io.goodhart.domain.plan.Plan.RunRef;
import io.goodhart.domain.spec.ArmSpec;
import io.goodhart.domain.spec.ArmSpec.LabelBy;
import io.goodhart.domain.spec.EvaluationSpec;
import io.goodhart.domain.spec.ExperimentSpec;
import io.goodhart.domain.spec.LabelledTextSpec;
import io.goodhart.domain.spec.PairSpec;
import io.goodhart.domain.spec.ProbeSpec;
import io.goodhart.domain.spec.TextSpec;
import io.goodhart.domain.spec.TrainingSpec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PlannerTest {
    private static final ArmSpec BASE = new ArmSpec.None();

    @Test
    void planIsAPureFunctionOfSpecificationAndFacts() {
        ExperimentSpec spec = Specs.experiment(arms("baseline", BASE, "dpo", dpo(LabelBy.SCORER, null)), 1L, 2L);
        assertThat(plan(spec)).isEqualTo(plan(spec));
    }

    @Test
    void tenArmsGenerateTheBaseModelsResponsesOnce() {
        Map<String, ArmSpec> ten = arms("baseline", BASE);
        for (int i = 1; i <= 3; i++) {
            ten.put("probes-" + i, dpo(LabelBy.PROBES, i));
        }
        ten.put("scorer", dpo(LabelBy.SCORER, null));
        ten.put("random", dpo(LabelBy.RANDOM, null));
        for (int i = 1; i <= 4; i++) {
            ten.put("beta-" + i, new ArmSpec.Dpo(LabelBy.SCORER, null, null, beta(0.1 * i)));
        }
        Plan one = plan(Specs.experiment(arms("baseline", BASE, "scorer", dpo(LabelBy.SCORER, null)), 1L));
        Plan all = plan(Specs.experiment(ten, 1L, 2L, 3L));
        assertThat(baseGenerations(all)).isEqualTo(baseGenerations(one)).isNotEmpty();
    }

    @Test
    void armsWithEqualPairsBuildThemOnceAndTrainApart() {
        Plan plan = plan(Specs.experiment(
                arms(
                        "baseline",
                        BASE,
                        "a",
                        dpo(LabelBy.SCORER, null),
                        "b",
                        new ArmSpec.Dpo(LabelBy.SCORER, null, null, beta(0.5))),
                1L));
        assertThat(ofKind(plan, TaskSpec.BuildPairs.class)).hasSize(1);
        assertThat(ofKind(plan, TaskSpec.Train.class)).hasSize(2);
    }

    @Test
    void randomLabelsAreDrawnForEachSeedAndOthersBuiltOnce() {
        Plan plan = plan(Specs.experiment(
                arms("baseline", BASE, "scorer", dpo(LabelBy.SCORER, null), "random", dpo(LabelBy.RANDOM, null)),
                1L,
                2L));
        Map<LabelBy, Long> builds = ofKind(plan, TaskSpec.BuildPairs.class).stream()
                .collect(Collectors.groupingBy(
                        task -> ((TaskSpec.BuildPairs) task.spec()).labelBy(), Collectors.counting()));
        assertThat(builds).isEqualTo(Map.of(LabelBy.SCORER, 1L, LabelBy.RANDOM, 2L));
    }

    @Test
    void corpusOfAnyNameHasAnOrderOfItsOwn() {
        Map<String, TextSpec> corpora = Map.of(
                "training", new TextSpec("data/texts.jsonl", "text", null, 30),
                "labelled", new TextSpec("data/texts.jsonl", "text", null, 30));
        ExperimentSpec spec = Specs.withEvaluation(
                Specs.experiment(arms("baseline", BASE, "sft", new ArmSpec.Sft(TrainingSpec.EMPTY)), 1L),
                new EvaluationSpec(
                        300,
                        50,
                        4,
                        3,
                        corpora,
                        40,
                        new LabelledTextSpec("data/texts.jsonl", "text", "toxic", null, 30, false)));
        Set<Long> seeds = new HashSet<>();
        for (PlannedTask task : plan(spec).tasks()) {
            if (task.spec() instanceof TaskSpec.Evaluate evaluate && evaluate.labelledTexts() != null) {
                evaluate.corpora().values().forEach(slice -> seeds.add(slice.seed()));
                seeds.add(evaluate.labelledTexts().seed());
            } else if (task.spec() instanceof TaskSpec.Train train && train.objective() instanceof Objective.Sft sft) {
                seeds.add(sft.texts().seed());
            }
        }
        assertThat(seeds).hasSize(4);
    }

    @Test
    void equalArmsAreOneTraining() {
        Plan plan = plan(Specs.experiment(
                arms("baseline", BASE, "a", dpo(LabelBy.SCORER, null), "b", dpo(LabelBy.SCORER, null)), 1L));
        assertThat(ofKind(plan, TaskSpec.Train.class)).hasSize(1);
    }

    @Test
    void seedVariesTrainingAloneAndTheBaselineIsOneForAllSeeds() {
        Plan plan = plan(Specs.experiment(arms("baseline", BASE, "sft", new ArmSpec.Sft(TrainingSpec.EMPTY)), 1L, 2L));
        assertThat(ofKind(plan, TaskSpec.Train.class))
                .extracting(task -> ((TaskSpec.Train) task.spec()).seed())
                .doesNotHaveDuplicates()
                .hasSize(2);
        assertThat(plan.runs().get(new RunRef("baseline", 1)))
                .isEqualTo(plan.runs().get(new RunRef("baseline", 2)));
    }

    @Test
    void everyInputIsPlannedBeforeItIsNeeded() {
        Plan plan = plan(fullSpec());
        Set<TaskKey> planned = new HashSet<>();
        for (PlannedTask task : plan.tasks()) {
            assertThat(task.inputs().values())
                    .allSatisfy(input -> assertThat(planned).contains(input.task()));
            planned.add(task.key());
        }
        assertThat(plan.tasks().getLast().key()).isEqualTo(plan.report());
    }

    @Test
    void curvesHaveAsManyPointsAsAskedForAndShareTheirStart() {
        Plan plan = plan(fullSpec());
        Map<String, OutputRef> inputs = plan.task(plan.report()).inputs();
        assertThat(inputs.keySet())
                .contains("point.dpo.1.3", "point.sft.2.2")
                .doesNotContain("point.dpo.1.4", "point.sft.2.3");
        assertThat(inputs.get("point.dpo.1.0"))
                .isNotNull()
                .isEqualTo(inputs.get("point.sft.2.0"))
                .isEqualTo(inputs.get("point.baseline.1.0"));
    }

    @Test
    void trainedModelIsJudgedOnTheBaselinesTexts() {
        Plan plan = plan(fullSpec());
        Map<String, OutputRef> inputs = plan.task(plan.report()).inputs();
        PlannedTask last = plan.task(inputs.get("final.dpo.1").task());
        assertThat(last.inputs().get("baseline.details")).isEqualTo(inputs.get("details.baseline.1"));
        assertThat(plan.task(inputs.get("final.baseline.1").task()).inputs())
                .doesNotContainKeys("weights", "baseline.details");
    }

    @Test
    void refitsOfEveryModelShareTheUntrainedModelsTexts() {
        Plan plan = plan(fullSpec());
        Map<String, OutputRef> inputs = plan.task(plan.report()).inputs();
        for (String evaluation : List.of("final.dpo.1", "final.baseline.1", "point.sft.2.1")) {
            Map<String, OutputRef> own =
                    plan.task(inputs.get(evaluation).task()).inputs();
            OutputRef texts = own.get("refit.responses.0");
            assertThat(plan.task(texts.task()).inputs()).doesNotContainKey("weights");
            assertThat(texts)
                    .isEqualTo(plan.task(inputs.get("final.baseline.1").task())
                            .inputs()
                            .get("refit.responses.0"));
            assertThat(own).containsKey("refit.scores.0").doesNotContainKey("refit.responses.1");
        }
    }

    @Test
    void promptSubsetsAreDisjoint() {
        PromptAllocation allocation =
                PromptAllocation.of(fullSpec(), Specs.facts().dataset("data/prompts.jsonl"));
        Set<Integer> taken = new HashSet<>();
        List<PromptSlice> slices = new ArrayList<>(allocation.probes());
        slices.add(allocation.evaluation());
        slices.addAll(allocation.retrained());
        slices.add(allocation.pairs().orElseThrow());
        for (PromptSlice slice : slices) {
            for (int i = slice.offset(); i < slice.offset() + slice.count(); i++) {
                assertThat(taken.add(i)).isTrue();
            }
        }
        assertThat(taken).hasSize((int) PromptAllocation.required(fullSpec()));
    }

    @Test
    void fixedLayerNeedsNoProbesToSampleCandidates() {
        Map<String, ArmSpec> arms = arms("baseline", BASE, "dpo", dpo(LabelBy.PROBES, 2));
        Plan swept = plan(Specs.experiment(arms, 1L));
        Plan fixed = plan(Specs.experiment(arms, Specs.probes("4"), TrainingSpec.EMPTY, List.of(1L)));
        assertThat(candidates(swept))
                .allSatisfy(task -> assertThat(task.inputs()).containsKey("probes"));
        assertThat(candidates(fixed))
                .isNotEmpty()
                .allSatisfy(task -> assertThat(task.inputs()).isEmpty());
    }

    @Test
    void probeSpecificationDoesNotTouchResponsesOfTheSameCapture() {
        Map<String, ArmSpec> arms = arms("baseline", BASE);
        Plan weak = plan(Specs.experiment(arms, 1L));
        ProbeSpec other = ProbeFields.probes(probes -> probes.c = 5);
        Plan strong = plan(Specs.experiment(arms, other, TrainingSpec.EMPTY, List.of(1L)));
        assertThat(baseGenerations(weak)).isEqualTo(baseGenerations(strong));
        assertThat(keys(weak, TaskSpec.FitProbes.class))
                .doesNotContainAnyElementsOf(keys(strong, TaskSpec.FitProbes.class));
    }

    @Test
    void lossOnPairsTouchesTrainingOnPairsAlone() {
        Map<String, ArmSpec> arms =
                arms("baseline", BASE, "dpo", dpo(LabelBy.SCORER, null), "sft", new ArmSpec.Sft(TrainingSpec.EMPTY));
        Plan plain = plan(Specs.experiment(arms, 1L));
        Plan other = plan(Specs.experiment(arms, Specs.probes(ProbeSpec.BEST), beta(0.3), List.of(1L)));
        Set<TaskKey> both = new HashSet<>(keys(plain, TaskSpec.Train.class));
        both.retainAll(keys(other, TaskSpec.Train.class));
        assertThat(both).hasSize(1);
        assertThat(((TaskSpec.Train) other.task(both.iterator().next()).spec()).objective())
                .isInstanceOf(Objective.Sft.class);
    }

    @Test
    void reportKnowsEveryArmsHyperParameters() {
        Map<String, ArmSpec> arms = arms("baseline", BASE, "dpo", dpo(LabelBy.SCORER, null));
        Plan plan = plan(Specs.experiment(arms, Specs.probes(ProbeSpec.BEST), beta(0.3), List.of(1L)));
        TaskSpec.Report report = (TaskSpec.Report) plan.task(plan.report()).spec();
        assertThat(report.arms().get("dpo").training().beta()).isEqualTo(0.3);
    }

    @Test
    void bestOfNTrainsNothingAndSharesItsSamples() {
        ArmSpec byProbes = new ArmSpec.BestOfN(4, LabelBy.PROBES, 2, null);
        ArmSpec byScorer = new ArmSpec.BestOfN(4, LabelBy.SCORER, null, null);
        ArmSpec random = new ArmSpec.BestOfN(4, LabelBy.RANDOM, null, null);
        ExperimentSpec spec =
                Specs.experiment(arms("baseline", BASE, "a", byProbes, "b", byScorer, "c", random), 1L, 2L);
        Plan plan = plan(spec);
        assertThat(ofKind(plan, TaskSpec.Train.class)).isEmpty();
        assertThat(ofKind(plan, TaskSpec.Generate.class))
                .filteredOn(task -> ((TaskSpec.Generate) task.spec()).samplesPerPrompt() == 4)
                .hasSize(3);
        Map<String, OutputRef> inputs = plan.task(plan.report()).inputs();
        assertThat(inputs.get("final.a.1")).isEqualTo(inputs.get("final.a.2")).isNotEqualTo(inputs.get("final.b.1"));
        assertThat(inputs.get("final.c.1")).isNotEqualTo(inputs.get("final.c.2"));
        assertThat(inputs.get("point.a.1.1"))
                .isEqualTo(new OutputRef(inputs.get("final.a.1").task(), "point.1"));
        assertThat(inputs)
                .containsKeys("point.a.1.2", "point.a.1.4", "point.c.2.4")
                .doesNotContainKeys("point.a.1.0", "point.a.1.3");
        assertThat(plan.task(inputs.get("final.a.1").task()).inputs())
                .containsKeys("best.responses.2", "best.activations.0", "baseline.details", "retrained")
                .doesNotContainKey("weights");
        assertThat(plan.task(inputs.get("final.b.1").task()).inputs()).doesNotContainKey("best.activations.0");
        assertThat(keys(plan, TaskSpec.Evaluate.class))
                .containsAll(keys(plan(Specs.experiment(arms("baseline", BASE), 1L)), TaskSpec.Evaluate.class));
        assertThat((long) plan.tasks().size()).isLessThanOrEqualTo(Planner.size(spec));
    }

    @Test
    void tiesAtRandomAreDrawnOnceForAllSeeds() {
        ExperimentSpec spec = Specs.experiment(arms("baseline", BASE, "dpo", dpo(LabelBy.SCORER, null)), 1L, 2L);
        ExperimentSpec random = Specs.withPairs(
                spec, new PairSpec(250, 5, 0.0, PairSpec.Ties.RANDOM, null, "prompt", "chosen", "rejected", null, 0));
        assertThat(ofKind(plan(spec), TaskSpec.BuildPairs.class))
                .extracting(task -> ((TaskSpec.BuildPairs) task.spec()).seed())
                .containsExactly(0L);
        assertThat(ofKind(plan(random), TaskSpec.BuildPairs.class))
                .extracting(task -> ((TaskSpec.BuildPairs) task.spec()).seed())
                .hasSize(1)
                .doesNotContain(0L);
    }

    private static ExperimentSpec fullSpec() {
        return Specs.experiment(
                arms(
                        "baseline",
                        BASE,
                        "dpo",
                        dpo(LabelBy.PROBES, 3),
                        "random",
                        dpo(LabelBy.RANDOM, null),
                        "sft",
                        new ArmSpec.Sft(TrainingSpec.EMPTY),
                        "probe-sft",
                        new ArmSpec.ProbeSft(1.0, 3, null, null, null, null, TrainingSpec.EMPTY)),
                1L,
                2L);
    }

    private static TrainingSpec beta(double beta) {
        return new TrainingSpec(
                null, null, beta, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
                null, null);
    }

    private static Plan plan(ExperimentSpec spec) {
        return Planner.plan(spec, Specs.facts(), Set.of());
    }

    private static List<PlannedTask> ofKind(Plan plan, Class<? extends TaskSpec> kind) {
        return plan.tasks().stream()
                .filter(task -> kind.isInstance(task.spec()))
                .toList();
    }

    private static Set<TaskKey> keys(Plan plan, Class<? extends TaskSpec> kind) {
        return ofKind(plan, kind).stream().map(PlannedTask::key).collect(Collectors.toSet());
    }

    private static List<PlannedTask> candidates(Plan plan) {
        return ofKind(plan, TaskSpec.Generate.class).stream()
                .filter(task -> ((TaskSpec.Generate) task.spec()).samplesPerPrompt() == 5)
                .toList();
    }

    /** Responses of the untrained model that do not depend on the probes that were fitted. */
    private static Set<TaskKey> baseGenerations(Plan plan) {
        return ofKind(plan, TaskSpec.Generate.class).stream()
                .filter(task -> task.inputs().isEmpty())
                .map(PlannedTask::key)
                .collect(Collectors.toSet());
    }

    @Test
    void gradientCheckpointingIsPlannedAndChangesNoKey() {
        Plan plain = plan(fullSpec());
        Plan checkpointed = Planner.plan(fullSpec(), Specs.facts(), Set.of("dpo", "probe-sft"));
        assertThat(checkpointed.tasks())
                .extracting(PlannedTask::key)
                .isEqualTo(plain.tasks().stream().map(PlannedTask::key).toList());
        assertThat(checkpointedLabels(plain)).isEmpty();
        assertThat(checkpointedLabels(checkpointed))
                .containsExactly(
                        "train dpo, seed 1", "train dpo, seed 2", "train probe-sft, seed 1", "train probe-sft, seed 2");
    }

    private static List<String> checkpointedLabels(Plan plan) {
        return plan.tasks().stream()
                .filter(task -> task.spec() instanceof TaskSpec.Train train && train.computesBlocksTwice())
                .map(PlannedTask::label)
                .toList();
    }

    /** Keys of trainings that were planned before the field existed stay what they were. */
    @Test
    void theCanonicalFormDoesNotNameIt() {
        PlannedTask training = ofKind(plan(fullSpec()), TaskSpec.Train.class).getFirst();
        assertThat(CanonicalJson.of(training.spec()))
                .contains("\"points\"", "\"seed\"")
                .doesNotContain("heckpoint");
    }

    @Test
    void sizeIsTheNumberOfTasksWhereNoneAreShared() {
        ExperimentSpec spec = Specs.experiment(
                Specs.arms("baseline", new ArmSpec.None(), "dpo", Specs.dpo(LabelBy.RANDOM, null)), 1L);
        assertThat(Planner.size(spec))
                .isEqualTo(Planner.plan(spec, Specs.facts(), Set.of()).tasks().size());
    }

    @Test
    void sizeIsNeverLessThanTheNumberOfTasks() {
        ExperimentSpec spec = Specs.experiment(
                Specs.arms(
                        "baseline",
                        new ArmSpec.None(),
                        "one",
                        Specs.dpo(LabelBy.SCORER, null),
                        "same",
                        Specs.dpo(LabelBy.SCORER, null),
                        "sft",
                        new ArmSpec.Sft(TrainingSpec.EMPTY)),
                1L,
                2L);
        assertThat(Planner.size(spec))
                .isGreaterThan(
                        Planner.plan(spec, Specs.facts(), Set.of()).tasks().size());
    }
}
