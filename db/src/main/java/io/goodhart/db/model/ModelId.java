package io.goodhart.db.model;

import io.goodhart.domain.NotFoundException;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** Names one registered model. */
public record ModelId(UUID value) {
    private static final Pattern TEXT = Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

    /** An id, if the text is one. */
    public static Optional<ModelId> of(String text) {
        return TEXT.matcher(text).matches() ? Optional.of(new ModelId(UUID.fromString(text))) : Optional.empty();
    }

    /** Reads an id; what is none names nothing. */
    public static ModelId parse(String text) {
        return of(text).orElseThrow(() -> new NotFoundException("There is no model " + text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
