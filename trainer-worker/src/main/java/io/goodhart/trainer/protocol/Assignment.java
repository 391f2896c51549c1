package io.goodhart.trainer.protocol;

import io.goodhart.domain.plan.TaskSpec;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A task as the child gets it. Paths are absolute.
 *
 * @param task id of the task
 * @param spec what it computes
 * @param inputs input name → verified file; never written to
 * @param work directory that the task's files go to; its own, and empty at the start
 * @param checkpoint file of an earlier attempt's last checkpoint, if there is one
 * @param files root of models and data
 * @param datasets verified file of each registered data set that the task reads, by its sha256
 */
public record Assignment(
        UUID task,
        TaskSpec spec,
        Map<String, String> inputs,
        String work,
        @Nullable String checkpoint,
        String files,
        Map<String, String> datasets) {
    public Assignment {
        inputs = Collections.unmodifiableMap(new TreeMap<>(inputs));
        datasets = Collections.unmodifiableMap(new TreeMap<>(datasets));
    }
}
