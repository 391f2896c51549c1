package io.goodhart.db.experiment;

import java.util.UUID;

/** Names one probe. */
public record ProbeId(UUID value) {
    /** Reads an id; what is none names nothing. */
    public static ProbeId parse(String text) {
        return new ProbeId(Ids.parse(text, "probe"));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
