package io.goodhart.db.experiment;

import io.goodhart.domain.Problem;
import io.goodhart.domain.model.ArtifactId;
import io.goodhart.domain.spec.ExperimentSpec;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One experiment.
 *
 * @param spec as submitted, defaults filled in
 * @param warnings what validation warned of
 * @param failure the first task that failed for good, if one did
 * @param reportTask the task that answers the experiment
 * @param report the answer, once there is one
 */
public record ExperimentView(
        ExperimentSummary summary,
        ExperimentSpec spec,
        List<Problem> warnings,
        @Nullable Failure failure,
        UUID reportTask,
        @Nullable ArtifactId report) {
    public ExperimentView {
        warnings = List.copyOf(warnings);
    }
}
