package io.goodhart.db.experiment;

import io.goodhart.domain.state.ExperimentState;
import io.goodhart.domain.state.Priority;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An experiment in a list. */
public record ExperimentSummary(
        ExperimentId id,
        String name,
        ExperimentState state,
        Priority priority,
        Map<String, String> metadata,
        TaskCounts tasks,
        Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant endedAt) {}
