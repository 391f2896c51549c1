package io.goodhart.domain.plan;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects tasks; one with a key that is there already is that one. */
final class TaskGraph {
    private final Map<TaskKey, PlannedTask> tasks = new LinkedHashMap<>();

    PlannedTask add(TaskSpec spec, Map<String, OutputRef> inputs, String label) {
        PlannedTask task = PlannedTask.of(spec, inputs, label);
        for (OutputRef input : inputs.values()) {
            if (!tasks.containsKey(input.task())) {
                throw new IllegalStateException("Input " + input + " of " + label + " is not planned before it");
            }
        }
        PlannedTask present = tasks.putIfAbsent(task.key(), task);
        return present == null ? task : present;
    }

    List<PlannedTask> tasks() {
        return List.copyOf(tasks.values());
    }
}
