package io.goodhart.domain.plan;

import static io.goodhart.domain.Specs.arms;
import static org.assertj.core.api.Assertions.assertThat;

import io.goodhart.domain.Specs;
import io.goodhart.domain.spec.ArmSpec;
import io.goodhart.domain.spec.ArmSpec.LabelBy;
import io.goodhart.domain.spec.EvaluationSpec;
import io.goodhart.domain.spec.ExperimentSpec;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BestOfNPlanTest {
    @Test
    void oneProbeLabelsUnlessMoreAreNamedAndEveryPromptOfTheEvaluationIsSampled() {
        ExperimentSpec spec = Specs.withEvaluation(
                Specs.experiment(
                        arms("baseline", new ArmSpec.None(), "a", new ArmSpec.BestOfN(4, LabelBy.PROBES, null, null)),
                        1L),
                new EvaluationSpec(250, 50, 4, 3, Map.of(), 40, null));

        Plan plan = Planner.plan(spec, Specs.facts(), Set.of());

        OutputRef end = Objects.requireNonNull(plan.task(plan.report()).inputs().get("final.a.1"));
        TaskSpec.Evaluate best = (TaskSpec.Evaluate) plan.task(end.task()).spec();
        assertThat(Objects.requireNonNull(best.selection()).probes()).isEqualTo(1);
        assertThat(plan.tasks())
                .extracting(PlannedTask::spec)
                .filteredOn(task -> task instanceof TaskSpec.Generate generate && generate.samplesPerPrompt() == 4)
                .extracting(task -> ((TaskSpec.Generate) task).prompts().count())
                .containsExactly(100, 100, 50);
    }
}
