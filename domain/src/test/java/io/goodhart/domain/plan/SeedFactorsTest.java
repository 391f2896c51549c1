package io.goodhart.domain.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.goodhart.domain.Specs;
import io.goodhart.domain.spec.ArmSpec;
import io.goodhart.domain.spec.ArmSpec.LabelBy;
import io.goodhart.domain.spec.ExperimentSpec;
import io.goodhart.domain.spec.SeedFactor;
import io.goodhart.domain.spec.TrainingSpec;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What a seed varies, and what all seeds share. */
class SeedFactorsTest {
    private static final ExperimentSpec SPEC = Specs.experiment(
            Specs.arms("baseline", new ArmSpec.None(), "dpo", Specs.dpo(LabelBy.PROBES, 2)),
            Specs.probes("4"),
            TrainingSpec.EMPTY,
            List.of(1L, 2L));

    @Test
    void seedsThatVaryTheTrainingShareAllElse() {
        Plan plan = plan(SeedFactor.TRAINING);

        assertThat(input(plan, "pairs.dpo.1")).isEqualTo(input(plan, "pairs.dpo.2"));
        assertThat(input(plan, "final.baseline.1")).isEqualTo(input(plan, "final.baseline.2"));
        assertThat(((TaskSpec.Report) report(plan).spec()).seedVaries()).isNull();
    }

    @Test
    void seedsThatVarySamplingHaveCandidatesAndBaselinesOfTheirOwnAndTheSameFixedTexts() {
        Plan plan = plan(SeedFactor.TRAINING, SeedFactor.SAMPLING);

        assertThat(input(plan, "pairs.dpo.1")).isNotEqualTo(input(plan, "pairs.dpo.2"));
        PlannedTask first = plan.task(input(plan, "final.baseline.1").task());
        PlannedTask second = plan.task(input(plan, "final.baseline.2").task());
        assertThat(evaluation(first).seed()).isNotEqualTo(evaluation(second).seed());
        assertThat(first.inputs()).doesNotContainKey("weights");
        Set<OutputRef> fixed = plan.tasks().stream()
                .filter(task -> task.label().endsWith("final"))
                .map(task -> task.inputs().get("baseline.responses"))
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
        assertThat(fixed).hasSize(1);
        PlannedTask texts = plan.task(fixed.iterator().next().task());
        assertThat(texts.inputs()).doesNotContainKeys("weights", "baseline.responses");
        PlannedTask shared = plan(SeedFactor.TRAINING).tasks().stream()
                .filter(task -> task.key().equals(texts.key()))
                .findFirst()
                .orElseThrow();
        assertThat(shared.label()).isEqualTo("evaluate base, final"); // the same task as without
    }

    @Test
    void trainedModelIsComparedWithTheBaselineOfItsSeed() {
        Plan plan = plan(SeedFactor.TRAINING, SeedFactor.SAMPLING);
        for (long seed : List.of(1L, 2L)) {
            assertThat(evaluation(plan.task(input(plan, "final.dpo." + seed).task()))
                            .seed())
                    .isEqualTo(evaluation(plan.task(
                                    input(plan, "final.baseline." + seed).task()))
                            .seed());
        }
    }

    @Test
    void seedsThatVaryProbesFitThemOnDisjointPrompts() {
        ExperimentSpec spec = Specs.with(SPEC, List.of(SeedFactor.TRAINING, SeedFactor.PROBES), null);
        Set<Integer> taken = new HashSet<>();
        for (int set = 0; set < 2; set++) {
            PromptAllocation allocation =
                    PromptAllocation.of(spec, Specs.facts().dataset("data/prompts.jsonl"), set);
            for (PromptSlice slice : allocation.probes()) {
                assertDisjoint(slice, taken);
            }
            allocation.retrained().forEach(slice -> assertDisjoint(slice, taken));
            assertThat(allocation.evaluation())
                    .isEqualTo(PromptAllocation.of(SPEC, Specs.facts().dataset("data/prompts.jsonl"))
                            .evaluation());
        }
        PromptAllocation first = PromptAllocation.of(spec, Specs.facts().dataset("data/prompts.jsonl"));
        assertDisjoint(first.evaluation(), taken);
        assertDisjoint(first.pairs().orElseThrow(), taken);
        assertThat(taken).hasSize((int) PromptAllocation.required(spec));
    }

    @Test
    void probesOfTheFirstSeedAreThoseOfSeedsThatShareThem() {
        Plan varied = plan(SeedFactor.TRAINING, SeedFactor.PROBES);
        Plan shared = plan(SeedFactor.TRAINING);

        assertThat(input(varied, "final.dpo.1")).isEqualTo(input(shared, "final.dpo.1"));
        assertThat(input(varied, "final.dpo.2")).isNotEqualTo(input(shared, "final.dpo.2"));
        assertThat(evaluation(varied.task(input(varied, "final.dpo.2").task())).prompts())
                .isEqualTo(evaluation(shared.task(input(shared, "final.dpo.2").task()))
                        .prompts());
    }

    @Test
    void sizeCountsWhatSeedsDoNotShare() {
        for (List<SeedFactor> varied : List.of(
                List.of(SeedFactor.TRAINING, SeedFactor.SAMPLING),
                List.of(SeedFactor.TRAINING, SeedFactor.PROBES),
                List.of(SeedFactor.values()))) {
            ExperimentSpec spec = Specs.with(SPEC, varied, null);
            assertThat(Planner.size(spec))
                    .isGreaterThanOrEqualTo(
                            Planner.plan(spec, Specs.facts(), Set.of()).tasks().size());
        }
    }

    private static void assertDisjoint(PromptSlice slice, Set<Integer> taken) {
        for (int i = slice.offset(); i < slice.offset() + slice.count(); i++) {
            assertThat(taken.add(i)).isTrue();
        }
    }

    private static Plan plan(SeedFactor... varied) {
        return Planner.plan(Specs.with(SPEC, List.of(varied), null), Specs.facts(), Set.of());
    }

    private static PlannedTask report(Plan plan) {
        return plan.task(plan.report());
    }

    private static OutputRef input(Plan plan, String name) {
        return Objects.requireNonNull(report(plan).inputs().get(name));
    }

    private static TaskSpec.Evaluate evaluation(PlannedTask task) {
        return (TaskSpec.Evaluate) task.spec();
    }
}
