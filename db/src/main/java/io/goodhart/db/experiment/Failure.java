package io.goodhart.db.experiment;

import io.goodhart.domain.state.FailureCode;

/** Why something ended without a result. */
public record Failure(FailureCode code, String detail) {}
