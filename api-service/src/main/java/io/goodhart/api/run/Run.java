package io.goodhart.api.run;

import io.goodhart.db.experiment.Failure;
import io.goodhart.db.experiment.RunView;
import io.goodhart.db.experiment.TaskCounts;
import io.goodhart.domain.state.ExperimentState;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One arm with one seed.
 *
 * @param object always {@code run}
 * @param tasks tasks whose results belong to the run, by state; those that runs share count in each
 */
public record Run(
        UUID id,
        String object,
        UUID experimentId,
        String arm,
        long seed,
        ExperimentState state,
        TaskCounts tasks,
        @Nullable Failure failure,
        @Nullable Instant startedAt,
        @Nullable Instant endedAt) {
    public static Run of(RunView run) {
        return new Run(
                run.id().value(),
                "run",
                run.experiment().value(),
                run.arm(),
                run.seed(),
                run.state(),
                run.tasks(),
                run.failure(),
                run.startedAt(),
                run.endedAt());
    }
}
