package io.goodhart.domain.spec;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;
import org.jspecify.annotations.Nullable;

/** What a specification cannot do without. */
final class Require {
    private Require() {}

    /** @throws InvalidInputException with code {@code missing_field} if the value is absent */
    static <T> T present(@Nullable T value, String field) {
        if (value == null) {
            throw new InvalidInputException(new Problem("missing_field", field, "This field is required"));
        }
        return value;
    }

    static <T> T orElse(@Nullable T value, T fallback) {
        return value == null ? fallback : value;
    }
}
