package io.goodhart.db.experiment;

import io.goodhart.domain.state.TaskState;
import java.util.Map;

/** How many tasks are in each state. */
public record TaskCounts(int waiting, int ready, int running, int succeeded, int failed, int cancelled) {
    static TaskCounts of(Map<TaskState, Integer> counts) {
        return new TaskCounts(
                counts.getOrDefault(TaskState.WAITING, 0),
                counts.getOrDefault(TaskState.READY, 0),
                counts.getOrDefault(TaskState.RUNNING, 0),
                counts.getOrDefault(TaskState.SUCCEEDED, 0),
                counts.getOrDefault(TaskState.FAILED, 0),
                counts.getOrDefault(TaskState.CANCELLED, 0));
    }

    public int total() {
        return waiting + ready + running + succeeded + failed + cancelled;
    }
}
