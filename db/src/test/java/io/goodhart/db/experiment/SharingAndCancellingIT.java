package io.goodhart.db.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.goodhart.db.DbTest;
import io.goodhart.db.Scenario;
import io.goodhart.db.Scenario.Graph;
import io.goodhart.db.queue.ClaimedTask;
import io.goodhart.db.queue.EventLevel;
import io.goodhart.db.queue.EventLog;
import io.goodhart.db.queue.NewEvent;
import io.goodhart.db.queue.TaskQueue;
import io.goodhart.db.queue.TaskSweeper;
import io.goodhart.domain.ConflictException;
import io.goodhart.domain.LeaseLostException;
import io.goodhart.domain.NotFoundException;
import io.goodhart.domain.model.DatasetRevision;
import io.goodhart.domain.plan.PlannedTask;
import io.goodhart.domain.plan.TaskKey;
import io.goodhart.domain.spec.ExperimentSpec.Reuse;
import io.goodhart.domain.spec.ResponseSpec;
import io.goodhart.domain.state.ExperimentState;
import io.goodhart.domain.state.FailureCode;
import io.goodhart.domain.state.TaskState;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

@DbTest
class SharingAndCancellingIT {
    private final TaskQueue queue;
    private final Experiments experiments;
    private final TaskSweeper sweeper;
    private final Scenario scenario;
    private final EventLog events;
    private final TaskHistory history;

    @Autowired
    SharingAndCancellingIT(
            TaskQueue queue,
            Experiments experiments,
            TaskSweeper sweeper,
            Scenario scenario,
            EventLog events,
            TaskHistory history) {
        this.events = events;
        this.history = history;
        this.queue = queue;
        this.experiments = experiments;
        this.sweeper = sweeper;
        this.scenario = scenario;
    }

    @BeforeEach
    void clear() {
        scenario.clear();
    }

    private static Graph chain(String name, String last) {
        return new Graph(name).task("base").task(last, "base").run("zeta", 1, "base", last);
    }

    @Test
    void tasksWithTheSameContentAreOneTask() {
        ExperimentId first = scenario.submit(chain("first", "x"));
        ExperimentId second = scenario.submit(chain("second", "y"));
        assertThat(id(first, "base")).isEqualTo(id(second, "base"));
        ClaimedTask base = scenario.claim();
        assertThat(state(first)).isEqualTo(ExperimentState.RUNNING);
        assertThat(state(second)).isEqualTo(ExperimentState.RUNNING);
        scenario.succeed(base);
        scenario.succeed(scenario.claim());
        scenario.succeed(scenario.claim());
        assertThat(scenario.tryClaim()).isEmpty();
        assertThat(state(first)).isEqualTo(ExperimentState.SUCCEEDED);
        assertThat(state(second)).isEqualTo(ExperimentState.SUCCEEDED);
        assertThat(types(first)).contains("task_started", "task_succeeded");
        assertThat(types(second)).contains("task_started", "task_succeeded");
    }

    @Test
    void whatWasComputedBeforeIsUsedAgain() {
        scenario.submit(chain("first", "x"));
        scenario.succeed(scenario.claim());
        scenario.succeed(scenario.claim());
        ExperimentId again = scenario.submit(chain("again", "x"));
        assertThat(state(again)).isEqualTo(ExperimentState.SUCCEEDED);
        assertThat(experiments.runs(again)).extracting("state").containsExactly(ExperimentState.SUCCEEDED);
        assertThat(types(again)).containsExactly("experiment_queued", "experiment_succeeded");
        ExperimentId extended = scenario.submit(chain("extended", "y"));
        assertThat(state(extended)).isEqualTo(ExperimentState.QUEUED);
        assertThat(scenario.claim().inputs()).hasSize(1);
    }

    @Test
    void historyTellsHowLongTheResponsesMayBeThatATaskRead() {
        DatasetRevision data = DatasetRevision.ofFile("data/a.jsonl", "a".repeat(64));
        scenario.submit(new Graph("first")
                .generate("sampled", data)
                .task("scored", "sampled")
                .training("learnt", "scored")
                .report("learnt"));
        for (int i = 0; i < 4; i++) {
            scenario.succeed(scenario.claim());
        }
        int longest = ResponseSpec.DEFAULTS.maxNewTokens();
        assertThat(history.latest(10))
                .extracting(task -> task.spec().kind() + " " + task.responseTokens())
                .containsExactlyInAnyOrder("generate 0", "score " + longest, "train " + longest, "report 0");
    }

    @Test
    void historyTellsWhatMayBeUsedAgainAndHowLongItTook() {
        Graph graph = chain("first", "x");
        scenario.submit(graph);
        scenario.succeed(scenario.claim());
        Set<TaskKey> keys =
                Set.copyOf(graph.plan().tasks().stream().map(PlannedTask::key).toList());
        assertThat(history.finished(keys))
                .containsExactly(graph.plan().tasks().getFirst().key());
        assertThat(history.latest(10)).singleElement().satisfies(task -> {
            assertThat(task.spec()).isEqualTo(graph.plan().tasks().getFirst().spec());
            assertThat(task.seconds()).isNotNegative();
        });
        assertThat(history.latest(0)).isEmpty();
        scenario.succeed(scenario.claim());
        assertThat(history.finished(keys)).isEqualTo(keys);
    }

    @Test
    void whatIsDamagedIsComputedAnew() {
        ExperimentId first = scenario.submit(chain("first", "x"));
        scenario.succeed(scenario.claim());
        scenario.succeed(scenario.claim());
        queue.distrust(Scenario.output("result of base").artifact());
        ExperimentId again = scenario.submit(chain("again", "y"));
        assertThat(id(again, "base")).isNotEqualTo(id(first, "base"));
        scenario.succeed(scenario.claim());
        scenario.succeed(scenario.claim());
        assertThat(state(again)).isEqualTo(ExperimentState.SUCCEEDED);
    }

    @Test
    void nothingIsToldAfterTheEnd() {
        ExperimentId ended = scenario.submit(chain("ended", "x"));
        ClaimedTask base = scenario.claim();
        scenario.succeed(base);
        scenario.succeed(scenario.claim());
        ExperimentId open = scenario.submit(chain("open", "y"));
        List<String> before = types(ended);
        events.append(List.of(late(ended, base), late(open, base)));
        assertThat(types(ended)).isEqualTo(before).endsWith("experiment_succeeded");
        assertThat(types(open)).endsWith("note");
    }

    private static NewEvent late(ExperimentId experiment, ClaimedTask task) {
        return new NewEvent(experiment.value(), task.ref().task(), EventLevel.INFO, "note", "late", null);
    }

    @Test
    void experimentThatSharesNothingComputesAllItself() {
        ExperimentId first = scenario.submit(chain("first", "x"));
        ExperimentId alone = scenario.submit(chain("alone", "x"), Reuse.NEVER);
        ExperimentId third = scenario.submit(chain("third", "x"));
        assertThat(id(alone, "base")).isNotEqualTo(id(first, "base"));
        assertThat(id(third, "base")).isEqualTo(id(first, "base"));
    }

    @Test
    void failedTaskIsComputedAnewForTheNextExperiment() {
        ExperimentId first = scenario.submit(chain("first", "x"));
        queue.fail(scenario.claim().ref(), FailureCode.DIVERGED, "NaN");
        ExperimentId second = scenario.submit(chain("second", "x"));
        assertThat(id(second, "base")).isNotEqualTo(id(first, "base"));
        scenario.succeed(scenario.claim());
        scenario.succeed(scenario.claim());
        assertThat(state(first)).isEqualTo(ExperimentState.FAILED);
        assertThat(state(second)).isEqualTo(ExperimentState.SUCCEEDED);
    }

    @Test
    void failureOfASharedTaskFailsEveryExperimentThatNeedsIt() {
        ExperimentId first = scenario.submit(chain("first", "x"));
        ExperimentId second = scenario.submit(chain("second", "y"));
        queue.fail(scenario.claim().ref(), FailureCode.DIVERGED, "NaN");
        assertThat(state(first)).isEqualTo(ExperimentState.FAILED);
        assertThat(state(second)).isEqualTo(ExperimentState.FAILED);
        assertThat(types(second)).containsSubsequence("task_failed", "run_failed", "experiment_failed");
    }

    @Test
    void cancelOfAQueuedExperimentIsImmediate() {
        ExperimentId id = scenario.submit(chain("queued", "x"));
        experiments.cancel(id);
        assertThat(state(id)).isEqualTo(ExperimentState.CANCELLED);
        assertThat(experiments.runs(id)).extracting("state").containsExactly(ExperimentState.CANCELLED);
        assertThat(scenario.tryClaim()).isEmpty();
        assertThat(types(id))
                .containsExactly("experiment_queued", "experiment_cancelling", "run_cancelled", "experiment_cancelled");
        experiments.cancel(id);
        assertThat(types(id)).hasSize(4);
    }

    @Test
    void cancelOfARunningTaskIsToldAndEndsWithIt() {
        ExperimentId id = scenario.submit(chain("running", "x"));
        ClaimedTask base = scenario.claim();
        experiments.cancel(id);
        assertThat(state(id)).isEqualTo(ExperimentState.CANCELLING);
        assertThat(queue.heartbeat(base.ref(), Scenario.LEASE, null)).isTrue();
        queue.cancelled(base.ref());
        assertThat(state(id)).isEqualTo(ExperimentState.CANCELLED);
        assertThatThrownBy(() -> queue.cancelled(base.ref())).isInstanceOf(LeaseLostException.class);
    }

    @Test
    void taskThatFinishesDuringTheCancelKeepsItsResultButNothingFollows() {
        ExperimentId id = scenario.submit(chain("finishing", "x"));
        ClaimedTask base = scenario.claim();
        experiments.cancel(id);
        scenario.succeed(base);
        assertThat(state(id)).isEqualTo(ExperimentState.CANCELLED);
        assertThat(experiments.tasks(id)).extracting("state").containsExactly(TaskState.SUCCEEDED, TaskState.CANCELLED);
        assertThat(scenario.tryClaim()).isEmpty();
    }

    @Test
    void failureDuringTheCancelIsACancel() {
        ExperimentId id = scenario.submit(chain("failing", "x"));
        ClaimedTask base = scenario.claim();
        experiments.cancel(id);
        queue.fail(base.ref(), FailureCode.CHILD_DIED, "killed");
        assertThat(state(id)).isEqualTo(ExperimentState.CANCELLED);
    }

    @Test
    void releaseDuringTheCancelIsACancel() {
        ExperimentId id = scenario.submit(chain("draining", "x"));
        ClaimedTask base = scenario.claim();
        experiments.cancel(id);
        queue.release(base.ref());
        assertThat(state(id)).isEqualTo(ExperimentState.CANCELLED);
    }

    @Test
    void cancelSurvivesTheDeathOfTheWorker() {
        ExperimentId id = scenario.submit(chain("dead", "x"));
        ClaimedTask base = scenario.claim();
        experiments.cancel(id);
        scenario.letLeaseEnd(base.ref().task());
        assertThat(scenario.tryClaim()).isEmpty();
        assertThat(sweeper.sweep()).isEqualTo(1);
        assertThat(state(id)).isEqualTo(ExperimentState.CANCELLED);
    }

    @Test
    void cancelledWithoutARequestIsABug() {
        scenario.submit(chain("unasked", "x"));
        ClaimedTask base = scenario.claim();
        assertThatThrownBy(() -> queue.cancelled(base.ref())).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void taskThatAnotherLiveExperimentNeedsGoesOn() {
        ExperimentId first = scenario.submit(chain("first", "x"));
        ExperimentId second = scenario.submit(chain("second", "y"));
        ClaimedTask base = scenario.claim();
        experiments.cancel(first);
        assertThat(state(first)).isEqualTo(ExperimentState.CANCELLED);
        assertThat(experiments.runs(first)).extracting("state").containsExactly(ExperimentState.CANCELLED);
        assertThat(queue.heartbeat(base.ref(), Scenario.LEASE, null)).isFalse();
        List<String> before = types(first);
        scenario.succeed(base);
        ClaimedTask y = scenario.claim();
        assertThat(y.label()).isEqualTo("y");
        scenario.succeed(y);
        assertThat(state(second)).isEqualTo(ExperimentState.SUCCEEDED);
        assertThat(types(first)).isEqualTo(before);
    }

    @Test
    void lastExperimentThatNeedsATaskCancelsIt() {
        ExperimentId first = scenario.submit(chain("first", "x"));
        ExperimentId second = scenario.submit(chain("second", "x"));
        ClaimedTask base = scenario.claim();
        experiments.cancel(first);
        experiments.cancel(second);
        assertThat(state(second)).isEqualTo(ExperimentState.CANCELLING);
        assertThat(queue.heartbeat(base.ref(), Scenario.LEASE, null)).isTrue();
        queue.cancelled(base.ref());
        assertThat(state(second)).isEqualTo(ExperimentState.CANCELLED);
    }

    @Test
    void taskThatIsBeingCancelledIsNotSharedAnyMore() {
        ExperimentId first = scenario.submit(chain("first", "x"));
        ClaimedTask old = scenario.claim();
        experiments.cancel(first);
        ExperimentId second = scenario.submit(chain("second", "x"));
        assertThat(id(second, "base")).isNotEqualTo(old.ref().task());
        scenario.succeed(scenario.claim());
        scenario.succeed(old);
        assertThat(state(first)).isEqualTo(ExperimentState.CANCELLED);
        assertThat(id(scenario.submit(chain("third", "x")), "base")).isEqualTo(id(second, "base"));
    }

    @Test
    void endedExperimentCannotBeCancelled() {
        ExperimentId id = scenario.submit(new Graph("done").task("a"));
        scenario.succeed(scenario.claim());
        assertThatThrownBy(() -> experiments.cancel(id))
                .isInstanceOfSatisfying(
                        ConflictException.class,
                        refusal -> assertThat(refusal.code()).isEqualTo("already_ended"));
        assertThatThrownBy(() -> experiments.cancel(new ExperimentId(UUID.randomUUID())))
                .isInstanceOf(NotFoundException.class);
    }

    private UUID id(ExperimentId experiment, String label) {
        return experiments.tasks(experiment).stream()
                .filter(task -> task.label().equals(label))
                .findFirst()
                .orElseThrow()
                .id();
    }

    private ExperimentState state(ExperimentId id) {
        return experiments.get(id).summary().state();
    }

    private List<String> types(ExperimentId id) {
        return experiments.events(id, 0, 100).stream().map(EventView::type).toList();
    }
}
