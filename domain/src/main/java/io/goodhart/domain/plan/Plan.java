package io.goodhart.domain.plan;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An experiment as a graph of tasks.
 *
 * @param tasks every task once, each after its inputs
 * @param runs for each run the tasks whose results belong to it, shared ones too, in the order of {@code tasks}
 * @param report the task whose output is the answer
 */
public record Plan(List<PlannedTask> tasks, Map<RunRef, List<TaskKey>> runs, TaskKey report) {
    public Plan {
        tasks = List.copyOf(tasks);
        Map<RunRef, List<TaskKey>> copy = new LinkedHashMap<>();
        runs.forEach((run, keys) -> copy.put(run, List.copyOf(keys)));
        runs = Collections.unmodifiableMap(copy);
    }

    /** The planned task with this key. */
    public PlannedTask task(TaskKey key) {
        return tasks.stream().filter(task -> task.key().equals(key)).findFirst().orElseThrow();
    }

    /** One arm with one seed. */
    public record RunRef(String arm, long seed) {}
}
