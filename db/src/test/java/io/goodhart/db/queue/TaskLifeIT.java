package io.goodhart.db.queue;

import static io.goodhart.db.Scenario.LEASE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.goodhart.db.DbTest;
import io.goodhart.db.Scenario;
import io.goodhart.db.Scenario.Graph;
import io.goodhart.db.experiment.ExperimentId;
import io.goodhart.db.experiment.Experiments;
import io.goodhart.db.experiment.Failure;
import io.goodhart.db.experiment.TaskView;
import io.goodhart.domain.LeaseLostException;
import io.goodhart.domain.state.ExperimentState;
import io.goodhart.domain.state.FailureCode;
import io.goodhart.domain.state.TaskState;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

@DbTest
class TaskLifeIT {
    private final TaskQueue queue;
    private final Experiments experiments;
    private final TaskSweeper sweeper;
    private final Scenario scenario;
    private final JdbcClient jdbc;

    @Autowired
    TaskLifeIT(TaskQueue queue, Experiments experiments, TaskSweeper sweeper, Scenario scenario, JdbcClient jdbc) {
        this.queue = queue;
        this.experiments = experiments;
        this.sweeper = sweeper;
        this.scenario = scenario;
        this.jdbc = jdbc;
    }

    @BeforeEach
    void clear() {
        scenario.clear();
    }

    @Test
    void taskIsReadyInTheTransactionThatEndsItsLastInput() {
        ExperimentId id = scenario.submit(
                new Graph("diamond").task("a").task("b").task("c", "a", "b").run("zeta", 1, "a", "b", "c"));
        ClaimedTask a = scenario.claim();
        ClaimedTask b = scenario.claim();
        assertThat(scenario.tryClaim()).isEmpty();
        scenario.succeed(a);
        assertThat(scenario.tryClaim()).isEmpty();
        assertThat(task(id, "c").waitingFor()).isEqualTo(1);
        scenario.succeed(b);
        ClaimedTask c = scenario.claim();
        assertThat(c.label()).isEqualTo("c");
        assertThat(c.inputs())
                .isEqualTo(Map.of(
                        "scores.a", Scenario.output("result of a").artifact(),
                        "scores.b", Scenario.output("result of b").artifact()));
        scenario.succeed(c);
        assertThat(experiments.get(id).summary().state()).isEqualTo(ExperimentState.SUCCEEDED);
        assertThat(experiments.runs(id)).singleElement().satisfies(run -> {
            assertThat(run.state()).isEqualTo(ExperimentState.SUCCEEDED);
            assertThat(run.endedAt()).isNotNull();
        });
    }

    @Test
    void sameOutputOfAnInputReadTwiceIsWaitedForOnce() {
        scenario.submit(new Graph("twice").task("a").task("b", "a", "a"));
        scenario.succeed(scenario.claim());
        assertThat(scenario.claim().label()).isEqualTo("b");
    }

    @Test
    void claimLooksOnlyForTheKindsThatItNames() {
        scenario.submit(new Graph("kinds").task("a"));
        assertThat(queue.claim(WorkerId.random(), Set.of("train", "report"), LEASE))
                .isEmpty();
        assertThat(queue.claim(WorkerId.random(), Set.of("score"), LEASE)).isPresent();
    }

    @Test
    void zombieCanWriteNothingAfterItsTaskWasClaimedAnew() {
        ExperimentId id = scenario.submit(new Graph("zombie").task("a").run("zeta", 1, "a"));
        TaskRef zombie = scenario.claim().ref();
        scenario.letLeaseEnd(zombie.task());
        ClaimedTask owner = scenario.claim();
        assertThat(owner.attempt()).isEqualTo(2);
        assertThat(owner.ref().fence()).isGreaterThan(zombie.fence());
        refused(() -> queue.heartbeat(zombie, LEASE, null));
        refused(() -> queue.metrics(zombie, List.of(new MetricPoint(1, "loss", 0.5))));
        refused(() -> queue.event(zombie, EventLevel.INFO, "note", "from the grave", null));
        refused(() -> queue.checkpoint(zombie, 3, Scenario.output("torn")));
        refused(() -> queue.succeed(zombie, Map.of(Scenario.OUT, Scenario.output("late")), List.of()));
        refused(() -> queue.fail(zombie, FailureCode.INTERNAL, "late"));
        refused(() -> queue.cancelled(zombie));
        refused(() -> queue.release(zombie));
        assertThat(experiments.metrics(experiments.runs(id).getFirst().id(), List.of()))
                .isEmpty();
        assertThat(experiments.checkpoints(experiments.runs(id).getFirst().id()))
                .isEmpty();
        assertThat(experiments.events(id, 0, 100)).extracting("type").doesNotContain("note");
        scenario.succeed(owner);
        assertThat(task(id, "a").outputs()).containsExactly(Map.entry(Scenario.OUT, Scenario.output("result of a")));
    }

    private static void refused(Runnable write) {
        assertThatThrownBy(write::run).isInstanceOf(LeaseLostException.class);
    }

    @Test
    void endedTaskTakesNoFurtherWrites() {
        scenario.submit(new Graph("ended").task("a"));
        ClaimedTask task = scenario.claim();
        scenario.succeed(task);
        refused(() -> queue.heartbeat(task.ref(), LEASE, null));
        refused(() -> queue.metrics(task.ref(), List.of(new MetricPoint(1, "loss", 0.5))));
        refused(() -> queue.fail(task.ref(), FailureCode.INTERNAL, "late"));
    }

    @Test
    void successMayBeRepeatedWhenItsAnswerWasLost() {
        ExperimentId id = scenario.submit(new Graph("ambiguous").task("a").task("b", "a"));
        ClaimedTask task = scenario.claim();
        scenario.succeed(task);
        scenario.succeed(task);
        refused(() -> queue.succeed(task.ref(), Map.of(Scenario.OUT, Scenario.output("other")), List.of()));
        assertThat(task(id, "b").waitingFor()).isZero();
        assertThat(experiments.events(id, 0, 100).stream()
                        .filter(event -> event.type().equals("task_succeeded")))
                .hasSize(1);
    }

    @Test
    void successWithoutAnOutputThatOthersReadIsRefusedAndChangesNothing() {
        ExperimentId id = scenario.submit(new Graph("incomplete").task("a").task("b", "a"));
        ClaimedTask task = scenario.claim();
        assertThatThrownBy(() -> queue.succeed(task.ref(), Map.of("other", Scenario.output("x")), List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(Scenario.OUT);
        assertThat(task(id, "a").state()).isEqualTo(TaskState.RUNNING);
        scenario.succeed(task);
    }

    @Test
    void heartbeatKeepsTheTaskAndItsProgress() {
        ExperimentId id = scenario.submit(new Graph("beat").task("a"));
        ClaimedTask task = scenario.claim();
        scenario.letLeaseEnd(task.ref().task());
        Progress progress = new Progress(3, 10, 1.5, "sampling");
        assertThat(queue.heartbeat(task.ref(), LEASE, progress)).isFalse();
        assertThat(queue.heartbeat(task.ref(), LEASE, null)).isFalse();
        assertThat(scenario.tryClaim()).isEmpty();
        assertThat(task(id, "a").progress()).isEqualTo(progress);
    }

    @Test
    void nextAttemptStartsFromTheLatestCheckpoint() {
        scenario.submit(new Graph("resume").task("a"));
        ClaimedTask first = scenario.claim();
        assertThat(first.checkpoint()).isNull();
        queue.checkpoint(first.ref(), 9, Scenario.output("nine"));
        queue.checkpoint(first.ref(), 20, Scenario.output("twenty"));
        queue.checkpoint(first.ref(), 20, Scenario.output("twenty"));
        scenario.letLeaseEnd(first.ref().task());
        assertThat(scenario.claim().checkpoint())
                .isEqualTo(new Checkpoint(20, Scenario.output("twenty").artifact()));
    }

    @Test
    void failureThatMayPassIsRetriedUntilAttemptsAreUsedUp() {
        ExperimentId id = scenario.submit(new Graph("retry").task("a"));
        for (int attempt = 1; attempt <= 2; attempt++) {
            ClaimedTask task = scenario.claim();
            assertThat(task.attempt()).isEqualTo(attempt);
            queue.fail(task.ref(), FailureCode.CHILD_DIED, "signal 9");
            assertThat(task(id, "a").state()).isEqualTo(TaskState.READY);
        }
        queue.fail(scenario.claim().ref(), FailureCode.CHILD_DIED, "signal 9");
        assertThat(task(id, "a").failure()).isEqualTo(new Failure(FailureCode.CHILD_DIED, "signal 9"));
        assertThat(experiments.get(id).summary().state()).isEqualTo(ExperimentState.FAILED);
        assertThat(experiments.events(id, 0, 100))
                .extracting("type")
                .containsSubsequence("task_retried", "task_retried", "task_failed", "experiment_failed");
    }

    @Test
    void failureThatWillNotPassEndsTheTaskAtOnce() {
        ExperimentId id = scenario.submit(new Graph("diverged").task("a"));
        queue.fail(scenario.claim().ref(), FailureCode.DIVERGED, "loss is NaN at step 7, \0 and all");
        assertThat(task(id, "a").state()).isEqualTo(TaskState.FAILED);
        assertThat(experiments.get(id).failure()).isNotNull().satisfies(failure -> {
            assertThat(failure.code()).isEqualTo(FailureCode.DIVERGED);
            assertThat(failure.detail()).startsWith("a: loss is NaN at step 7");
        });
    }

    @Test
    void whateverNeedsAFailedTaskFailsAndTheRestGoesOn() {
        ExperimentId id = scenario.submit(new Graph("arms")
                .task("base")
                .task("train-1", "base")
                .task("train-2", "base")
                .task("eval-1", "train-1")
                .task("eval-2", "train-2")
                .task("report", "eval-1", "eval-2")
                .run("zeta", 1, "base", "train-1", "eval-1")
                .run("alpha", 1, "base", "train-2", "eval-2"));
        scenario.succeed(scenario.claim());
        ClaimedTask train1 = scenario.claim();
        assertThat(train1.label()).isEqualTo("train-1");
        queue.fail(train1.ref(), FailureCode.DIVERGED, "NaN");
        assertThat(experiments.tasks(id))
                .extracting(task -> task.label() + " " + task.state())
                .containsExactly(
                        "base SUCCEEDED",
                        "train-1 FAILED",
                        "train-2 READY",
                        "eval-1 FAILED",
                        "eval-2 WAITING",
                        "report FAILED");
        assertThat(task(id, "report").failure())
                .isEqualTo(new Failure(FailureCode.INPUT_FAILED, "It needs train-1, which failed"));
        assertThat(experiments.get(id).summary().state()).isEqualTo(ExperimentState.RUNNING);
        assertThat(experiments.runs(id))
                .extracting("state")
                .containsExactly(ExperimentState.FAILED, ExperimentState.RUNNING);
        scenario.succeed(scenario.claim());
        scenario.succeed(scenario.claim());
        assertThat(experiments.get(id).summary().state()).isEqualTo(ExperimentState.FAILED);
        assertThat(experiments.get(id).failure()).isEqualTo(new Failure(FailureCode.DIVERGED, "train-1: NaN"));
        assertThat(experiments.runs(id))
                .extracting("state")
                .containsExactly(ExperimentState.FAILED, ExperimentState.SUCCEEDED);
    }

    @Test
    void lostTaskComesBackAndEndsWhenItsAttemptsAreUsedUp() {
        ExperimentId id = scenario.submit(new Graph("poison").task("a").task("b", "a"));
        for (int attempt = 1; attempt <= 3; attempt++) {
            assertThat(sweeper.sweep()).isZero();
            ClaimedTask task = scenario.claim();
            assertThat(task.attempt()).isEqualTo(attempt);
            scenario.letLeaseEnd(task.ref().task());
        }
        assertThat(scenario.tryClaim()).isEmpty();
        assertThat(sweeper.sweep()).isEqualTo(1);
        assertThat(task(id, "a").failure())
                .isNotNull()
                .extracting(Failure::code)
                .isEqualTo(FailureCode.ATTEMPTS_EXHAUSTED);
        assertThat(task(id, "b").failure())
                .isNotNull()
                .extracting(Failure::code)
                .isEqualTo(FailureCode.INPUT_FAILED);
        assertThat(experiments.get(id).summary().state()).isEqualTo(ExperimentState.FAILED);
        assertThat(experiments.events(id, 0, 100)).extracting("type").contains("task_lost");
    }

    @Test
    void oneSweepEndsMoreTasksThanOneBatchHolds() {
        Graph graph = new Graph("backlog");
        for (int i = 0; i < 120; i++) {
            graph.task("a" + i);
        }
        scenario.submit(graph);
        jdbc.sql("update task set state = 'RUNNING', attempt = max_attempts, visible_at = now() - interval '1 second'")
                .update();
        assertThat(sweeper.sweep()).isEqualTo(120);
    }

    @Test
    void releasedTaskIsFreeAtOnceAndHasLostNoAttempt() {
        scenario.submit(new Graph("drain").task("a"));
        ClaimedTask task = scenario.claim();
        queue.release(task.ref());
        ClaimedTask again = scenario.claim();
        assertThat(again.attempt()).isEqualTo(1);
        assertThat(again.ref().fence()).isGreaterThan(task.ref().fence());
    }

    @Test
    void specificationThatCannotBeReadIsLeftToOthersAndThenFails() {
        ExperimentId id = scenario.submit(new Graph("newer").task("a"));
        jdbc.sql("update task set spec = '{\"kind\": \"score\", \"novelty\": 1}'")
                .update();
        assertThat(scenario.tryClaim()).isEmpty();
        assertThat(task(id, "a").failure())
                .isNotNull()
                .extracting(Failure::code)
                .isEqualTo(FailureCode.INVALID_SPEC);
        assertThat(task(id, "a").attempt()).isEqualTo(3);
    }

    @Test
    void depthsCountWhatIsNotFinal() {
        scenario.submit(new Graph("depths").task("a").task("b").task("c", "a").task("d", "c"));
        scenario.claim();
        assertThat(queue.depths())
                .containsExactly(
                        new QueueDepth("score", TaskState.READY, 1),
                        new QueueDepth("score", TaskState.RUNNING, 1),
                        new QueueDepth("score", TaskState.WAITING, 2));
    }

    private TaskView task(ExperimentId id, String label) {
        return experiments.tasks(id).stream()
                .filter(task -> task.label().equals(label))
                .findFirst()
                .orElseThrow();
    }
}
