package io.goodhart.db.experiment;

import io.goodhart.domain.state.ExperimentState;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One arm with one seed. Tasks that runs share count in each. */
public record RunView(
        RunId id,
        ExperimentId experiment,
        String arm,
        long seed,
        ExperimentState state,
        TaskCounts tasks,
        @Nullable Failure failure,
        @Nullable Instant startedAt,
        @Nullable Instant endedAt) {}
