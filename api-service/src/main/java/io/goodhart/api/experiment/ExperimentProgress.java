package io.goodhart.api.experiment;

import io.goodhart.db.experiment.TaskCounts;
import io.goodhart.db.experiment.TaskView;
import io.goodhart.db.queue.Progress;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far an experiment is.
 *
 * @param done tasks that have succeeded
 * @param total all tasks
 * @param tasks tasks by state
 * @param running what is computed now
 * @param etaSeconds estimated seconds to the end, once enough tasks have ended to tell
 */
record ExperimentProgress(
        int done,
        int total,
        TaskCounts tasks,
        List<RunningTask> running,
        @Nullable Double etaSeconds) {
    static ExperimentProgress of(TaskCounts counts, List<TaskView> tasks, Instant now) {
        List<RunningTask> running = tasks.stream()
                .filter(RemainingTime::isRunning)
                .map(RunningTask::of)
                .toList();
        Double eta = RemainingTime.of(tasks, now).stream().boxed().findFirst().orElse(null);
        return new ExperimentProgress(counts.succeeded(), counts.total(), counts, running, eta);
    }

    /**
     * A task that is computed now.
     *
     * @param progress absent until its worker has told
     */
    record RunningTask(
            String label,
            String kind,
            int attempt,
            @Nullable Progress progress) {
        static RunningTask of(TaskView task) {
            return new RunningTask(task.label(), task.kind(), task.attempt(), task.progress());
        }
    }
}
