package io.goodhart.api.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.goodhart.db.experiment.TaskView;
import io.goodhart.db.queue.Progress;
import io.goodhart.domain.Hashes;
import io.goodhart.domain.plan.TaskKey;
import io.goodhart.domain.state.TaskState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RemainingTimeTest {
    private static final Instant START = Instant.parse("2026-01-01T10:00:00Z");
    private static final Instant NOW = START.plusSeconds(100);

    @Test
    void nothingIsSaidWhileNothingRunsOrALongKindIsUnknown() {
        assertThat(RemainingTime.of(List.of(), NOW)).isEmpty();
        assertThat(RemainingTime.of(List.of(done("train", 30), waiting("train")), NOW))
                .isEmpty();
        assertThat(RemainingTime.of(List.of(running("generate", 10, 20.0), waiting("train")), NOW))
                .isEmpty();
    }

    @Test
    void waitingTasksLastAsLongAsTheirKindDidAndARunningOneWhatItTells() {
        List<TaskView> tasks =
                List.of(done("train", 20), done("train", 40), running("train", 10, 7.0), waiting("train"));
        // the running one expects 10 + 7 in all, so a training lasts (20 + 40 + 17) / 3
        assertThat(RemainingTime.of(tasks, NOW).orElseThrow()).isCloseTo(7 + 77.0 / 3, within(1e-9));
    }

    @Test
    void theWorkIsSharedByTheWorkersButNoTaskIsSplit() {
        List<TaskView> tasks =
                List.of(done("train", 30), running("train", 10, 50.0), running("train", 10, 2.0), waiting("score"));
        double mean = (30 + 60 + 12) / 3.0;
        assertThat(RemainingTime.of(tasks, NOW).orElseThrow())
                .isCloseTo(Math.max((50 + 2 + mean) / 2, 50), within(1e-9));
    }

    @Test
    void aSilentTaskThatTakesLongerThanExpectedIsAboutToEnd() {
        assertThat(RemainingTime.of(List.of(done("train", 30), running("train", 80, null)), NOW)
                        .orElseThrow())
                .isZero();
    }

    private static TaskView done(String kind, long seconds) {
        return task(kind, TaskState.SUCCEEDED, START, START.plusSeconds(seconds), null);
    }

    private static TaskView running(String kind, long elapsed, @Nullable Double eta) {
        Progress progress = eta == null ? null : new Progress(1, 10, eta, null);
        return task(kind, TaskState.RUNNING, NOW.minusSeconds(elapsed), null, progress);
    }

    private static TaskView waiting(String kind) {
        return task(kind, TaskState.WAITING, null, null, null);
    }

    private static TaskView task(
            String kind,
            TaskState state,
            @Nullable Instant started,
            @Nullable Instant ended,
            @Nullable Progress progress) {
        TaskKey key = new TaskKey(Hashes.sha256(kind));
        return new TaskView(
                UUID.randomUUID(),
                key,
                kind,
                kind,
                state,
                0,
                1,
                3,
                false,
                progress,
                null,
                Map.of(),
                START,
                started,
                ended);
    }
}
