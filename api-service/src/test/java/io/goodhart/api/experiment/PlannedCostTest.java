package io.goodhart.api.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import io.goodhart.api.fake.FakeHistory;
import io.goodhart.api.fake.SampleSpecs;
import io.goodhart.domain.cost.FinishedTask;
import io.goodhart.domain.plan.PlannedTask;
import io.goodhart.domain.plan.TaskSpec;
import io.goodhart.domain.spec.ExperimentSpec;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.MediaType;

/** What an answer to a validation says about time, after some tasks were computed. */
class PlannedCostTest extends ExperimentSliceTest {
    private final ExperimentSpec spec =
            SpecificationReader.read(SampleSpecs.valid().getBytes(StandardCharsets.UTF_8), MediaType.APPLICATION_JSON);

    @Autowired
    private ExperimentCheck check;

    @Autowired
    private FakeHistory history;

    @BeforeEach
    @AfterEach
    void forget() {
        history.latest.clear();
        history.finished.clear();
    }

    private List<PlannedTask> planned(Predicate<TaskSpec> which) {
        return check.check(spec).plan().tasks().stream()
                .filter(task -> which.test(task.spec()))
                .toList();
    }

    private void measure(Predicate<TaskSpec> which) {
        planned(which).forEach(task -> history.latest.add(new FinishedTask(task.spec(), 2, 10, 8)));
    }

    @Test
    void theTimeIsToldOnceEveryKindThatTakesLongWasMeasured() {
        measure(task -> !(task instanceof TaskSpec.BuildPairs || task instanceof TaskSpec.Report));
        PlannedCost cost = check.check(spec).cost();
        assertThat(cost.unmeasuredKinds()).isEmpty();
        assertThat(cost.etaSeconds()).isPositive().isEqualTo(cost.measuredSeconds());
        assertThat(cost.etaBasis()).startsWith("Measured on the last ");
    }

    @Test
    void ofAPartOfTheKindsTheTimeIsNotThatOfAll() {
        measure(task -> !(task instanceof TaskSpec.Train));
        PlannedCost cost = check.check(spec).cost();
        assertThat(cost.etaSeconds()).isNull();
        assertThat(cost.measuredSeconds()).isPositive();
        assertThat(cost.unmeasuredKinds()).containsExactly("train");
        assertThat(cost.etaBasis()).isEqualTo("Not measured yet with this model: train");
    }

    @Test
    void withoutAWorkerNoTimeIsTold() {
        measure(_ -> true);
        workers.clear();
        PlannedCost cost = check.check(spec).cost();
        assertThat(cost.etaSeconds()).isNull();
        assertThat(cost.measuredSeconds()).isNull();
        assertThat(cost.etaBasis()).isEqualTo("No worker is alive");
    }

    @Test
    void whatWasComputedWholeTakesNoTime() {
        planned(_ -> true).forEach(task -> history.finished.add(task.key()));
        PlannedCost cost = check.check(spec).cost();
        assertThat(cost.etaSeconds()).isZero();
        assertThat(cost.etaBasis()).isEqualTo("All of it was computed before");
    }

    @Test
    void trainingsThatWereComputedBeforeAreMarked() {
        PlannedTask done = planned(TaskSpec.Train.class::isInstance).getFirst();
        history.finished.add(done.key());
        List<PlannedCost.Training> trainings = check.check(spec).cost().trainings();
        assertThat(trainings)
                .filteredOn(PlannedCost.Training::reused)
                .singleElement()
                .satisfies(training -> {
                    assertThat(training.task()).isEqualTo(done.label());
                    assertThat(training.task()).startsWith("train " + training.arm() + ",");
                });
    }
}
