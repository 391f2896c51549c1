package io.goodhart.db.experiment;

import java.util.UUID;

/** Names one experiment. */
public record ExperimentId(UUID value) {
    /** Reads an id; what is none names nothing. */
    public static ExperimentId parse(String text) {
        return new ExperimentId(Ids.parse(text, "experiment"));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
