package io.goodhart.db.queue;

import io.goodhart.domain.model.ArtifactId;
import io.goodhart.domain.plan.TaskKey;
import io.goodhart.domain.plan.TaskSpec;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a worker needs to compute a task.
 *
 * @param ref names the claim in every write
 * @param key content key
 * @param spec what to compute
 * @param label what people see
 * @param inputs input name → artifact
 * @param attempt from 1
 * @param maxAttempts attempts there are in all
 * @param checkpoint the latest checkpoint of an earlier attempt, if any
 */
public record ClaimedTask(
        TaskRef ref,
        TaskKey key,
        TaskSpec spec,
        String label,
        Map<String, ArtifactId> inputs,
        int attempt,
        int maxAttempts,
        @Nullable Checkpoint checkpoint) {
    public ClaimedTask {
        inputs = Collections.unmodifiableMap(new TreeMap<>(inputs));
    }
}
