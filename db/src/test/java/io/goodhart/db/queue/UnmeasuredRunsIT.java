package io.goodhart.db.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.goodhart.db.DbTest;
import io.goodhart.db.Scenario;
import io.goodhart.db.Scenario.Graph;
import io.goodhart.db.experiment.ExperimentId;
import io.goodhart.db.experiment.Experiments;
import io.goodhart.db.experiment.Failure;
import io.goodhart.db.experiment.TaskView;
import io.goodhart.domain.state.ExperimentState;
import io.goodhart.domain.state.FailureCode;
import io.goodhart.domain.state.TaskState;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Which failures a report tells of, and which ones it fails with. */
@DbTest
class UnmeasuredRunsIT {
    private final TaskQueue queue;
    private final Experiments experiments;
    private final Scenario scenario;

    @Autowired
    UnmeasuredRunsIT(TaskQueue queue, Experiments experiments, Scenario scenario) {
        this.queue = queue;
        this.experiments = experiments;
        this.scenario = scenario;
    }

    @BeforeEach
    void clear() {
        scenario.clear();
    }

    @Test
    void reportDoesNotWaitForWhatADivergedTrainingLeavesOut() {
        Graph graph = new Graph("diverging")
                .task("base")
                .training("train-1", "base")
                .training("train-2", "base")
                .task("eval-1", "train-1")
                .task("eval-2", "train-2")
                .report("base", "train-1", "train-2", "eval-1", "eval-2")
                .run("zeta", 1, "base", "train-1", "eval-1")
                .run("alpha", 1, "base", "train-2", "eval-2");
        ExperimentId id = scenario.submit(graph);
        scenario.succeed(scenario.claim());
        queue.fail(scenario.claim().ref(), FailureCode.DIVERGED, "NaN");
        assertThat(task(id, "eval-1").state()).isEqualTo(TaskState.FAILED);
        assertThat(task(id, "report").state()).isEqualTo(TaskState.WAITING);
        scenario.succeed(scenario.claim());
        scenario.succeed(scenario.claim());
        ClaimedTask report = scenario.claim();
        assertThat(report.label()).isEqualTo("report");
        assertThat(report.inputs()).containsOnlyKeys("details.base", "details.train-2", "details.eval-2");
        queue.succeed(report.ref(), Map.of("report", Scenario.output("answer")), List.of());
        assertThat(experiments.get(id).summary().state()).isEqualTo(ExperimentState.FAILED);
        assertThat(experiments.get(id).failure()).isEqualTo(new Failure(FailureCode.DIVERGED, "train-1: NaN"));
        assertThat(experiments.get(id).report()).isNotNull();
        assertThat(experiments.reportInputs(id)).containsOnlyKeys("details.base", "details.train-2", "details.eval-2");
        assertThat(experiments.runs(id))
                .extracting("state")
                .containsExactly(ExperimentState.FAILED, ExperimentState.SUCCEEDED);

        ExperimentId again = scenario.submit(graph);
        assertThat(task(again, "eval-2").id()).isEqualTo(task(id, "eval-2").id());
        assertThat(task(again, "report").id()).isNotEqualTo(task(id, "report").id());
    }

    @Test
    void reportDoesNotWaitForATrainedModelThatComputesNothingFinite() {
        ExperimentId id = scenario.submit(new Graph("broken model")
                .task("base")
                .training("train-1", "base")
                .task("responses-1", "train-1")
                .task("eval-1", "responses-1")
                .report("base", "train-1", "eval-1"));
        scenario.succeed(scenario.claim());
        scenario.succeed(scenario.claim());
        queue.fail(scenario.claim().ref(), FailureCode.DIVERGED, "Infinity");
        assertThat(task(id, "eval-1").state()).isEqualTo(TaskState.FAILED);
        ClaimedTask report = scenario.claim();
        assertThat(report.inputs()).containsOnlyKeys("details.base", "details.train-1");
        queue.succeed(report.ref(), Map.of("report", Scenario.output("answer")), List.of());
        assertThat(experiments.get(id).summary().state()).isEqualTo(ExperimentState.FAILED);
        assertThat(experiments.get(id).report()).isNotNull();
    }

    @Test
    void reportDoesNotWaitForATrainingWithoutPairs() {
        ExperimentId id = scenario.submit(new Graph("no pairs")
                .task("base")
                .task("pairs-1", "base")
                .training("train-1", "pairs-1")
                .task("eval-1", "train-1")
                .report("base", "pairs-1", "train-1", "eval-1"));
        scenario.succeed(scenario.claim());
        queue.fail(scenario.claim().ref(), FailureCode.NO_PAIRS, "all tied");
        assertThat(task(id, "train-1").state()).isEqualTo(TaskState.FAILED);
        ClaimedTask report = scenario.claim();
        assertThat(report.inputs()).containsOnlyKeys("details.base");
        queue.succeed(report.ref(), Map.of("report", Scenario.output("answer")), List.of());
        assertThat(experiments.get(id).failure()).isEqualTo(new Failure(FailureCode.NO_PAIRS, "pairs-1: all tied"));
        assertThat(experiments.get(id).report()).isNotNull();
    }

    @Test
    void reportFailsWithAnUntrainedModelThatComputesNothingFinite() {
        ExperimentId id = scenario.submit(new Graph("broken base")
                .task("base")
                .training("train-1", "base")
                .report("base", "train-1"));
        queue.fail(scenario.claim().ref(), FailureCode.DIVERGED, "Infinity");
        assertThat(task(id, "report").state()).isEqualTo(TaskState.FAILED);
    }

    @Test
    void reportFailsWithATrainingThatFailedInAnotherWay() {
        ExperimentId id = scenario.submit(
                new Graph("broken").task("base").training("train-1", "base").report("base", "train-1"));
        scenario.succeed(scenario.claim());
        queue.fail(scenario.claim().ref(), FailureCode.BAD_FILE, "damaged");
        assertThat(task(id, "report").failure())
                .isNotNull()
                .extracting(Failure::code)
                .isEqualTo(FailureCode.INPUT_FAILED);
    }

    private TaskView task(ExperimentId id, String label) {
        return experiments.tasks(id).stream()
                .filter(task -> task.label().equals(label))
                .findFirst()
                .orElseThrow();
    }
}
