package io.goodhart.db.experiment;

import io.goodhart.db.queue.Output;
import io.goodhart.db.queue.Progress;
import io.goodhart.domain.plan.TaskKey;
import io.goodhart.domain.state.TaskState;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One task of an experiment or a run.
 *
 * @param label what people see
 * @param waitingFor inputs that are not done
 * @param outputs output name → artifact, once it has succeeded
 */
public record TaskView(
        UUID id,
        TaskKey key,
        String kind,
        String label,
        TaskState state,
        int waitingFor,
        int attempt,
        int maxAttempts,
        boolean cancelRequested,
        @Nullable Progress progress,
        @Nullable Failure failure,
        Map<String, Output> outputs,
        Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant endedAt) {
    public TaskView {
        outputs = Collections.unmodifiableMap(new TreeMap<>(outputs));
    }
}
