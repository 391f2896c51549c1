package io.goodhart.api.experiment;

import io.goodhart.db.experiment.ExperimentSummary;
import io.goodhart.db.experiment.TaskCounts;
import io.goodhart.domain.state.ExperimentState;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An experiment in a list.
 *
 * @param object always {@code experiment}
 * @param priority how urgent it is, 0 unless somebody said otherwise
 * @param tasks tasks by state
 */
record ExperimentItem(
        UUID id,
        String object,
        String name,
        ExperimentState state,
        int priority,
        Map<String, String> metadata,
        TaskCounts tasks,
        Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant endedAt) {
    static ExperimentItem of(ExperimentSummary summary) {
        return new ExperimentItem(
                summary.id().value(),
                "experiment",
                summary.name(),
                summary.state(),
                summary.priority().value(),
                summary.metadata(),
                summary.tasks(),
                summary.createdAt(),
                summary.startedAt(),
                summary.endedAt());
    }
}
