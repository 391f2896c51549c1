package io.goodhart.api.experiment;

import io.goodhart.api.run.Run;
import io.goodhart.db.experiment.ExperimentSummary;
import io.goodhart.db.experiment.ExperimentView;
import io.goodhart.db.experiment.Failure;
import io.goodhart.domain.Problem;
import io.goodhart.domain.spec.ExperimentSpec;
import io.goodhart.domain.state.ExperimentState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One experiment.
 *
 * @param object always {@code experiment}
 * @param priority how urgent it is, 0 unless somebody said otherwise
 * @param spec as submitted, defaults filled in
 * @param warnings what validation warned of
 * @param failure the first task that failed for good, if one did
 * @param report path of the answer, once there is one
 */
record Experiment(
        UUID id,
        String object,
        String name,
        ExperimentState state,
        int priority,
        Map<String, String> metadata,
        ExperimentProgress progress,
        List<Run> runs,
        List<Problem> warnings,
        @Nullable Failure failure,
        @Nullable String report,
        ExperimentSpec spec,
        Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant endedAt) {
    static Experiment of(ExperimentView view, List<Run> runs, ExperimentProgress progress) {
        ExperimentSummary summary = view.summary();
        return new Experiment(
                summary.id().value(),
                "experiment",
                summary.name(),
                summary.state(),
                summary.priority().value(),
                summary.metadata(),
                progress,
                List.copyOf(runs),
                view.warnings(),
                view.failure(),
                view.report() == null ? null : ExperimentPaths.report(summary.id()),
                view.spec(),
                summary.createdAt(),
                summary.startedAt(),
                summary.endedAt());
    }
}
