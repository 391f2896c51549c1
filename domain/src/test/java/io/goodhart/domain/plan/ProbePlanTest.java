package io.goodhart.domain.plan;

import static io.goodhart.domain.Specs.arms;
import static org.assertj.core.api.Assertions.assertThat;

import io.goodhart.domain.ProbeFields;
import io.goodhart.domain.Specs;
import io.goodhart.domain.model.Aggregation;
import io.goodhart.domain.model.ProbeRole;
import io.goodhart.domain.spec.ArmSpec;
import io.goodhart.domain.spec.ExperimentSpec;
import io.goodhart.domain.spec.ProbeSpec;
import io.goodhart.domain.spec.TrainingSpec;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ProbePlanTest {
    private static final ArmSpec BASE = new ArmSpec.None();

    @Test
    void controlsReadTheTextsOfTrainingProbes() {
        Map<String, ArmSpec> arms = arms("baseline", BASE);
        Plan plain = plan(Specs.experiment(arms, 1L));
        ProbeSpec permuted = ProbeFields.probes(probes -> probes.permuted = 2);
        Plan controlled = plan(Specs.experiment(arms, permuted, TrainingSpec.EMPTY, List.of(1L)));
        assertThat(generations(controlled)).isEqualTo(generations(plain));
        PlannedTask fit = controlled.tasks().stream()
                .filter(task -> task.spec() instanceof TaskSpec.FitProbes probes && probes.layer() == null)
                .filter(task -> ((TaskSpec.FitProbes) task.spec()).roles().contains(ProbeRole.CONTROL))
                .findFirst()
                .orElseThrow();
        TaskSpec.FitProbes spec = (TaskSpec.FitProbes) fit.spec();
        assertThat(spec.roles())
                .containsExactly(
                        ProbeRole.TRAIN,
                        ProbeRole.TRAIN,
                        ProbeRole.TRAIN,
                        ProbeRole.HELD_OUT,
                        ProbeRole.CONTROL,
                        ProbeRole.CONTROL);
        for (String input : List.of("responses.", "scores.", "activations.")) {
            assertThat(fit.inputs().get(input + 4)).isEqualTo(fit.inputs().get(input + 0));
            assertThat(fit.inputs().get(input + 5)).isEqualTo(fit.inputs().get(input + 1));
        }
        assertThat(spec.seed()).isNotZero();
    }

    @Test
    void aSeedIsInTheKeyOfFitsThatDrawSomethingOnly() {
        Map<String, ArmSpec> arms = arms("baseline", BASE);
        TaskSpec.FitProbes logistic = fit(plan(Specs.experiment(arms, 1L)));
        assertThat(logistic.seed()).isZero();
        assertThat(logistic.size()).isZero();
        ProbeSpec attention = ProbeFields.probes(probes -> probes.kind = ProbeSpec.Kind.ATTENTION);
        TaskSpec.FitProbes drawn = fit(plan(Specs.experiment(arms, attention, TrainingSpec.EMPTY, List.of(1L))));
        assertThat(drawn.seed()).isNotZero();
        assertThat(drawn.size()).isEqualTo(8);
        assertThat(drawn.aggregation()).isEqualTo(Aggregation.ATTENTION);
    }

    private static TaskSpec.FitProbes fit(Plan plan) {
        return plan.tasks().stream()
                .map(PlannedTask::spec)
                .filter(TaskSpec.FitProbes.class::isInstance)
                .map(TaskSpec.FitProbes.class::cast)
                .findFirst()
                .orElseThrow();
    }

    private static Plan plan(ExperimentSpec spec) {
        return Planner.plan(spec, Specs.facts(), Set.of());
    }

    private static Set<TaskKey> generations(Plan plan) {
        return plan.tasks().stream()
                .filter(task -> task.spec() instanceof TaskSpec.Generate
                        && task.inputs().isEmpty())
                .map(PlannedTask::key)
                .collect(Collectors.toSet());
    }
}
