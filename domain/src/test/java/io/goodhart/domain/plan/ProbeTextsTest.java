package io.goodhart.domain.plan;

import static io.goodhart.domain.Specs.arms;
import static org.assertj.core.api.Assertions.assertThat;

import io.goodhart.domain.ProbeFields;
import io.goodhart.domain.Specs;
import io.goodhart.domain.cost.PlannedWorkloads;
import io.goodhart.domain.cost.Workload;
import io.goodhart.domain.model.ProbeRole;
import io.goodhart.domain.spec.ArmSpec;
import io.goodhart.domain.spec.EvaluationSpec;
import io.goodhart.domain.spec.ExperimentSpec;
import io.goodhart.domain.spec.LabelledTextSpec;
import io.goodhart.domain.spec.ProbeTextSpec;
import io.goodhart.domain.spec.SeedFactor;
import io.goodhart.domain.spec.TrainingSpec;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Labelled texts that probes are fitted on. */
class ProbeTextsTest {
    private static final int SIZE = 80;
    private static final Map<String, ArmSpec> ARMS =
            arms("baseline", new ArmSpec.None(), "sft", new ArmSpec.Sft(TrainingSpec.EMPTY));

    @Test
    void everyProbeHasTextsOfItsOwnAndNoResponseIsSampledForIt() {
        Plan plan = plan(labelled("data/wiki.jsonl"));

        assertThat(plan.tasks())
                .noneMatch(task -> task.spec() instanceof TaskSpec.Generate || task.spec() instanceof TaskSpec.Score);
        List<TextPart> parts = reads(plan).stream()
                .map(task -> ((TaskSpec.ReadTexts) task.spec()).part())
                .distinct()
                .toList();
        Set<Integer> places = new HashSet<>();
        parts.forEach(part -> {
            assertThat(part.count()).isEqualTo(SIZE);
            for (int place = part.from(); place < part.texts().count(); place++) {
                assertThat(places.add(place)).isTrue();
            }
        });
        assertThat(places).hasSize(5 * SIZE);
        assertThat(ProbeTexts.required(labelled("data/wiki.jsonl"))).isEqualTo(5 * SIZE);
    }

    @Test
    void everyModelsProbesAreFittedOnTheSameTexts() {
        Plan plan = plan(labelled("data/wiki.jsonl"));

        List<PlannedTask> retrained = reads(plan).stream()
                .filter(task -> task.label().contains("retrained"))
                .toList();
        assertThat(retrained).hasSize(3); // the base model and two seeds' models
        assertThat(retrained)
                .extracting(PlannedTask::spec)
                .containsOnly(retrained.getFirst().spec());
        assertThat(retrained)
                .filteredOn(task -> task.inputs().containsKey("weights"))
                .hasSize(2);
        assertThat(plan.tasks())
                .filteredOn(task -> task.spec() instanceof TaskSpec.Evaluate)
                .allSatisfy(task -> assertThat(task.inputs().get("refit.responses.0"))
                        .isEqualTo(retrained.getFirst().output("responses")));
    }

    @Test
    void fitsRecordTheFileAndItsLabelAndDoNotDependOnTheBehaviour() {
        assertThat(plan(labelled("data/wiki.jsonl")).tasks())
                .filteredOn(task -> task.spec() instanceof TaskSpec.FitProbes)
                .extracting(task -> (TaskSpec.FitProbes) task.spec())
                .allSatisfy(fit -> {
                    assertThat(fit.dataset()).isEqualTo(Specs.facts().dataset("data/wiki.jsonl"));
                    assertThat(fit.label()).isEqualTo("toxic");
                    assertThat(fit.template()).isNull();
                    assertThat(fit.threshold()).isEqualTo(0.5);
                    assertThat(fit.fitPrompts()).isEqualTo(60);
                });
    }

    @Test
    void namesOfPositiveLabelsAreInTheKeyAndTheirOrderIsNot() {
        Set<TaskKey> numbers = readKeys(labelled("data/wiki.jsonl"));
        Set<TaskKey> words = readKeys(labelled(List.of("Toxic", "Insult")));

        assertThat(words).doesNotContainAnyElementsOf(numbers);
        assertThat(words).isEqualTo(readKeys(labelled(List.of("Insult", "Toxic", "Insult"))));
        assertThat(plan(labelled(List.of("Toxic", "Insult"))).tasks())
                .filteredOn(task -> task.spec() instanceof TaskSpec.FitProbes)
                .extracting(task -> ((TaskSpec.FitProbes) task.spec()).label())
                .containsOnly("toxic (Insult, Toxic)");
    }

    private static Set<TaskKey> readKeys(ExperimentSpec spec) {
        return reads(plan(spec)).stream().map(PlannedTask::key).collect(Collectors.toSet());
    }

    private static ExperimentSpec labelled(List<String> positive) {
        return labelled(new ProbeTextSpec("data/wiki.jsonl", "text", "toxic", positive, null, true));
    }

    @Test
    void promptsAreLeftToOthers() {
        ExperimentSpec spec = labelled("data/wiki.jsonl");
        PromptAllocation prompts = Splits.of(spec, Specs.facts()).prompts();

        assertThat(prompts.probes()).isEmpty();
        assertThat(prompts.retrained()).isEmpty();
        assertThat(PromptAllocation.required(spec))
                .isEqualTo(prompts.evaluation().count()
                        + prompts.pairs().map(PromptSlice::count).orElse(0));
    }

    @Test
    void textsOfTheEvaluationsFilesAreDrawnFromWhatItLeaves() {
        EvaluationSpec evaluation = new EvaluationSpec(
                300, 50, 4, 3, Map.of(), 40, new LabelledTextSpec("data/wiki.jsonl", "text", "toxic", null, 30, false));
        ExperimentSpec same = Specs.withEvaluation(labelled("data/wiki.jsonl"), evaluation);
        Splits splits = Splits.of(same, Specs.facts());

        assertThat(fitted(splits).excluding()).isEqualTo(splits.labelled().orElseThrow());
        assertThat(fitted(splits).excludingPrompts()).isNull();
        Splits prompts = Splits.of(Specs.withEvaluation(labelled("data/prompts.jsonl"), evaluation), Specs.facts());
        assertThat(fitted(prompts).excluding()).isNull();
        assertThat(fitted(prompts).excludingPrompts())
                .isEqualTo(prompts.prompts().evaluation().bare());
    }

    @Test
    void seedsThatVaryTheProbesHaveDisjointTexts() {
        ExperimentSpec spec =
                Specs.with(labelled("data/wiki.jsonl"), List.of(SeedFactor.TRAINING, SeedFactor.PROBES), null);
        List<Splits> sets = Splits.all(spec, Specs.facts());

        assertThat(ProbeTexts.required(spec)).isEqualTo(2 * 5 * SIZE);
        TextPart first = sets.getFirst().probeTexts().orElseThrow().fitted();
        TextPart second = sets.getLast().probeTexts().orElseThrow().fitted();
        assertThat(first.from()).isZero();
        assertThat(second.from()).isEqualTo(first.texts().count()).isEqualTo(5 * SIZE);
        assertThat(second.texts().count()).isEqualTo(10 * SIZE);
    }

    @Test
    void workloadCountsTheTextsThatAreRead() {
        ExperimentSpec spec = labelled("data/wiki.jsonl");
        Plan plan = plan(spec);
        Map<TaskKey, Workload> work = PlannedWorkloads.of(plan, 20, 100);

        assertThat(reads(plan))
                .hasSize(7)
                .allSatisfy(task -> assertThat(work.get(task.key())).isEqualTo(new Workload(SIZE, 100L * SIZE, 0)));
        PlannedTask fit = plan.tasks().stream()
                .filter(task -> task.spec() instanceof TaskSpec.FitProbes one
                        && one.roles().contains(ProbeRole.TRAIN))
                .findFirst()
                .orElseThrow();
        assertThat(work.get(fit.key())).isEqualTo(new Workload(4, 0, 0));
    }

    private static TextSlice fitted(Splits splits) {
        return splits.probeTexts().orElseThrow().fitted().texts();
    }

    private static ExperimentSpec labelled(String dataset) {
        return labelled(new ProbeTextSpec(dataset, "text", "toxic", null, null, true));
    }

    private static ExperimentSpec labelled(ProbeTextSpec texts) {
        return Specs.experiment(
                ARMS,
                ProbeFields.probes(probes -> {
                    probes.samplesPerPrompt = 1;
                    probes.labelledTexts = texts;
                }),
                TrainingSpec.EMPTY,
                List.of(1L, 2L));
    }

    private static Plan plan(ExperimentSpec spec) {
        return Planner.plan(spec, Specs.facts(), Set.of());
    }

    private static List<PlannedTask> reads(Plan plan) {
        return plan.tasks().stream()
                .filter(task -> task.spec() instanceof TaskSpec.ReadTexts)
                .toList();
    }
}
