package io.goodhart.domain.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.goodhart.domain.Specs;
import io.goodhart.domain.cost.PlannedWorkloads;
import io.goodhart.domain.cost.Workload;
import io.goodhart.domain.spec.ArmSpec;
import io.goodhart.domain.spec.ArmSpec.TaskReward;
import io.goodhart.domain.spec.ExperimentSpec;
import io.goodhart.domain.spec.TrainingSpec;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GrpoPlanTest {
    @Test
    void trainsOnThePairsPromptsWithTheProbesAndIsMeasuredAtThePointsOfDpo() {
        Plan plan = plan(grpo(TaskReward.BEHAVIOUR, 0.5));
        PlannedTask task = training(plan);
        assertThat(task.inputs()).containsOnlyKeys("probes");
        TaskSpec.Train train = (TaskSpec.Train) task.spec();
        assertThat(train.points()).isEqualTo(4);
        assertThat(train.rowsAtOnce()).isEqualTo(2);
        Objective.Grpo objective = (Objective.Grpo) train.objective();
        assertThat(objective.prompts().count()).isEqualTo(250);
        assertThat(objective.scorer()).isEqualTo(Specs.facts().scorer());
        assertThat(objective.datasets()).containsExactly(objective.prompts().dataset());
        assertThat(plan.tasks()).noneMatch(other -> other.spec() instanceof TaskSpec.BuildPairs);
        assertThat((long) plan.tasks().size()).isLessThanOrEqualTo(Planner.size(spec(grpo(TaskReward.BEHAVIOUR, 0.5))));
        assertThat(plan.task(plan.report()).inputs())
                .containsKeys("point.grpo.1.3", "final.grpo.1", "training.grpo.1")
                .doesNotContainKeys("point.grpo.1.4", "pairs.grpo.1");
    }

    @Test
    void withoutATaskTheScorerIsNotItsInput() {
        Objective.Grpo objective = (Objective.Grpo) ((TaskSpec.Train)
                        training(plan(grpo(TaskReward.NONE, 1))).spec())
                .objective();
        assertThat(objective.scorer()).isNull();
        assertThat(training(plan(grpo(TaskReward.NONE, 1))).key())
                .isNotEqualTo(training(plan(grpo(TaskReward.NONE, 2))).key());
    }

    @Test
    void workIsCountedInResponses() {
        Plan plan = plan(grpo(TaskReward.BEHAVIOUR, 0.5));
        Workload work = Objects.requireNonNull(
                PlannedWorkloads.of(plan, 20, 256).get(training(plan).key()));
        assertThat(work.units()).isEqualTo(250 * 4 * 24); // tokens that are sampled
        assertThat(work.tokens()).isEqualTo(250 * 4 * 2L * (20 + 24));
        assertThat(work.steps()).isEqualTo(125);
    }

    private static PlannedTask training(Plan plan) {
        return plan.tasks().stream()
                .filter(task -> task.spec() instanceof TaskSpec.Train)
                .findFirst()
                .orElseThrow();
    }

    private static ArmSpec grpo(TaskReward task, double lambda) {
        return new ArmSpec.Grpo(task, lambda, 2, null, 4, null, null, null, TrainingSpec.EMPTY);
    }

    private static Plan plan(ArmSpec arm) {
        return Planner.plan(spec(arm), Specs.facts(), Set.of());
    }

    private static ExperimentSpec spec(ArmSpec arm) {
        Map<String, ArmSpec> arms = Specs.arms("baseline", new ArmSpec.None(), "grpo", arm);
        return Specs.experiment(
                arms, Specs.probes(io.goodhart.domain.spec.ProbeSpec.BEST), TrainingSpec.EMPTY, List.of(1L));
    }
}
