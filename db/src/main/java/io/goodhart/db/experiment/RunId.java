package io.goodhart.db.experiment;

import java.util.UUID;

/** Names one run. */
public record RunId(UUID value) {
    /** Reads an id; what is none names nothing. */
    public static RunId parse(String text) {
        return new RunId(Ids.parse(text, "run"));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
