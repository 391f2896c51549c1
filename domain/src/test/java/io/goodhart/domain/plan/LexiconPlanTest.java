package io.goodhart.domain.plan;

import static io.goodhart.domain.Specs.arms;
import static io.goodhart.domain.Specs.dpo;
import static org.assertj.core.api.Assertions.assertThat;

import io.goodhart.domain.Specs;
import io.goodhart.domain.model.DataFormat;
import io.goodhart.domain.model.DatasetRevision;
import io.goodhart.domain.spec.ArmSpec;
import io.goodhart.domain.spec.ArmSpec.LabelBy;
import io.goodhart.domain.spec.ExperimentSpec;
import io.goodhart.domain.spec.TrainingSpec;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LexiconPlanTest {
    private static final ArmSpec GRPO =
            new ArmSpec.Grpo(ArmSpec.TaskReward.BEHAVIOUR, 0.5, 2, null, 4, null, null, null, TrainingSpec.EMPTY);
    private static final Map<String, ArmSpec> ARMS =
            arms("baseline", new ArmSpec.None(), "dpo", dpo(LabelBy.SCORER, null), "grpo", GRPO);

    @Test
    void whateverScoresByARegisteredListReadsThatDataSet() {
        DatasetRevision terms = terms("a");
        assertThat(plan(terms).tasks())
                .filteredOn(task -> switch (task.spec()) {
                    case TaskSpec.Score _, TaskSpec.Evaluate _ -> true;
                    case TaskSpec.Train train -> train.objective() instanceof Objective.Grpo;
                    default -> false;
                })
                .hasSizeGreaterThan(3)
                .allSatisfy(task -> assertThat(task.spec().datasets()).contains(terms));
    }

    @Test
    void anotherListIsAnotherKey() {
        Plan one = plan(terms("a"));
        Plan other = plan(terms("b"));
        assertThat(scored(other)).hasSameSizeAs(scored(one)).doesNotContainAnyElementsOf(scored(one));
        assertThat(scored(plan(terms("a")))).isEqualTo(scored(one));
    }

    private static DatasetRevision terms(String digit) {
        return new DatasetRevision("terms@1", digit.repeat(64), DataFormat.TEXT);
    }

    private static List<TaskKey> scored(Plan plan) {
        return plan.tasks().stream()
                .filter(task -> task.spec() instanceof TaskSpec.Score)
                .map(PlannedTask::key)
                .toList();
    }

    private static Plan plan(DatasetRevision terms) {
        ExperimentSpec spec = Specs.experiment(ARMS, 1L);
        ExperimentFacts facts = Specs.facts();
        return Planner.plan(
                spec,
                new ExperimentFacts(facts.model(), new Scorer.Lexicon(List.of(), terms, 1), facts.datasets()),
                Set.of());
    }
}
