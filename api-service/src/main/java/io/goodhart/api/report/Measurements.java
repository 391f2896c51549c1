package io.goodhart.api.report;

import java.util.Optional;

/** The runs behind a report. */
@FunctionalInterface
public interface Measurements {
    /** Nothing but the report is known. */
    Measurements NONE = (arm, seed) -> Optional.empty();

    /** Empty if the run's evaluation failed, or is not there any more. */
    Optional<Measured> of(String arm, long seed);
}
