package io.goodhart.domain.plan;

import static io.goodhart.domain.Specs.arms;
import static io.goodhart.domain.Specs.dpo;
import static org.assertj.core.api.Assertions.assertThat;

import io.goodhart.domain.ProbeFields;
import io.goodhart.domain.Specs;
import io.goodhart.domain.plan.Plan.RunRef;
import io.goodhart.domain.spec.ArmSpec;
import io.goodhart.domain.spec.ArmSpec.LabelBy;
import io.goodhart.domain.spec.ExperimentSpec;
import io.goodhart.domain.spec.SeedFactor;
import io.goodhart.domain.spec.TrainingSpec;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The sample experiment has four points of DPO and three of SFT, of 50 prompts and 40 texts, and 300 prompts and 80 texts at the end. */
class EvaluationPlanTest {
    private static final Map<String, ArmSpec> ARMS = arms(
            "baseline",
            new ArmSpec.None(),
            "dpo",
            dpo(LabelBy.SCORER, null),
            "sft",
            new ArmSpec.Sft(TrainingSpec.EMPTY));

    private static final ExperimentSpec SPEC = Specs.experiment(
            ARMS, ProbeFields.probes(probes -> probes.retrained = 2), TrainingSpec.EMPTY, List.of(1L, 2L));

    private static Plan plan(ExperimentSpec spec) {
        return Planner.plan(spec, Specs.facts(), Set.of());
    }

    private static PlannedTask evaluation(Plan plan, String reportInput) {
        return plan.task(
                Objects.requireNonNull(plan.task(plan.report()).inputs().get(reportInput), reportInput)
                        .task());
    }

    private static TaskSpec.Evaluate spec(PlannedTask task) {
        return (TaskSpec.Evaluate) task.spec();
    }

    @Test
    void eachPointReadsItsWeightsAndTheEndReadsTheLast() {
        Plan plan = plan(SPEC);
        for (String run : List.of("dpo.1", "dpo.2", "sft.1", "sft.2")) {
            int points = run.startsWith("dpo") ? 4 : 3;
            OutputRef last = weights(evaluation(plan, "final." + run));
            for (int point = 1; point < points; point++) {
                assertThat(weights(evaluation(plan, "point." + run + "." + point)))
                        .isEqualTo(new OutputRef(last.task(), "weights." + point));
            }
            assertThat(last.output()).isEqualTo("weights." + (points - 1));
            assertThat(evaluation(plan, "point." + run + ".0").inputs()).doesNotContainKey("weights");
            assertThat(plan.task(last.task()).label()).isEqualTo("train " + run.replace(".", ", seed "));
        }
    }

    private static OutputRef weights(PlannedTask task) {
        return Objects.requireNonNull(task.inputs().get("weights"));
    }

    @Test
    void pointsReadTheFirstPromptsAndTextsOfTheEnd() {
        Plan plan = plan(SPEC);
        TaskSpec.Evaluate end = spec(evaluation(plan, "final.dpo.1"));
        TaskSpec.Evaluate point = spec(evaluation(plan, "point.dpo.1.2"));

        assertThat(end.prompts().count()).isEqualTo(300);
        assertThat(point.prompts()).isEqualTo(end.prompts().part(0, 50));
        TextSlice corpus = Objects.requireNonNull(end.corpora().get("wikitext"));
        assertThat(corpus.count()).isEqualTo(80);
        assertThat(point.corpora()).containsOnly(Map.entry("wikitext", corpus.first(40)));
        assertThat(spec(evaluation(plan, "point.dpo.1.0")).prompts()).isEqualTo(point.prompts());
    }

    @Test
    void aPointRefitsOneProbeAndTheEndAllOfThem() {
        Plan plan = plan(SPEC);

        assertThat(refits(evaluation(plan, "point.sft.1.1"))).isEqualTo(1);
        assertThat(refits(evaluation(plan, "final.sft.1"))).isEqualTo(2);
        assertThat(evaluation(plan, "point.sft.1.1").inputs()).doesNotContainKeys("refit.responses.1", "retrained");
        assertThat(evaluation(plan, "final.sft.1").inputs()).containsKeys("refit.responses.1", "retrained");
    }

    private static int refits(PlannedTask task) {
        return Objects.requireNonNull(spec(task).refit()).roles().size();
    }

    /** What every model reads does not depend on a run's seed; what a model writes itself does if seeds vary the sampling. */
    @Test
    void seedsThatVaryTheSamplingVaryOwnResponsesAlone() {
        ExperimentSpec varied = Specs.with(SPEC, List.of(SeedFactor.TRAINING, SeedFactor.SAMPLING), null);
        Plan plan = plan(varied);
        for (String where : List.of("final.%s", "point.%s.1")) {
            PlannedTask one = evaluation(plan, where.formatted("dpo.1"));
            PlannedTask two = evaluation(plan, where.formatted("dpo.2"));
            assertThat(spec(one).seed()).isNotEqualTo(spec(two).seed());
            assertThat(one.inputs().get("baseline.responses"))
                    .isNotNull()
                    .isEqualTo(two.inputs().get("baseline.responses"));
        }
        Plan fixed = plan(SPEC);
        assertThat(spec(evaluation(fixed, "final.dpo.1")).seed())
                .isEqualTo(spec(evaluation(fixed, "final.dpo.2")).seed());
        assertThat(fixed.runs()).containsKey(new RunRef("dpo", 2));
    }
}
