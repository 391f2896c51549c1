package io.goodhart.db.experiment;

import io.goodhart.domain.spec.ExperimentSpec;
import io.goodhart.domain.state.Priority;
import org.jspecify.annotations.Nullable;

/**
 * What a user hands in.
 *
 * @param idempotencyKey stands for the specification and the priority together
 */
public record Submission(
        ExperimentSpec spec, Priority priority, @Nullable String idempotencyKey) {}
