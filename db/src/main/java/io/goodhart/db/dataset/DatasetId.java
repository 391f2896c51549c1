package io.goodhart.db.dataset;

import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** Names one version of a registered data set. */
public record DatasetId(UUID value) {
    private static final Pattern TEXT = Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

    /** An id, if the text is one. */
    public static Optional<DatasetId> of(String text) {
        return TEXT.matcher(text).matches() ? Optional.of(new DatasetId(UUID.fromString(text))) : Optional.empty();
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
