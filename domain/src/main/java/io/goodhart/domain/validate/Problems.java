package io.goodhart.domain.validate;

import io.goodhart.domain.Problem;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Collects everything that is wrong. Range checks are written so that NaN fails. Whole numbers have an upper bound as well as a
 * lower one, so that products and sums of a few of them stay exact.
 */
final class Problems {
    /** More rows, tokens or steps than any experiment has. */
    static final int MANY = 10_000_000;

    /** Between these every factor, and a product of a few, is a number other than 0 in float32. */
    private static final double LEAST = 1e-12;

    private static final double MOST = 1e9;

    private final Set<Problem> found = new LinkedHashSet<>();

    /** What is found twice, because two arms share it, is said once. */
    void add(String code, String field, String message) {
        found.add(new Problem(code, field, message));
    }

    void require(boolean holds, String field, String message) {
        if (!holds) {
            add("out_of_range", field, message);
        }
    }

    void contradiction(boolean contradicts, String field, String message) {
        if (contradicts) {
            add("contradiction", field, message);
        }
    }

    void within(int value, int from, int to, String field) {
        require(value >= from && value <= to, field, "Must lie in %d to %d, got %d".formatted(from, to, value));
    }

    void within(double value, double from, double to, String field) {
        require(value >= from && value <= to, field, "Must lie in [%s, %s], got %s".formatted(from, to, value));
    }

    /** A factor that is not 0. */
    void positive(double value, String field) {
        require(
                value >= LEAST && value <= MOST,
                field,
                "Must be positive (%.0e to %.0e), got %s".formatted(LEAST, MOST, value));
    }

    /** A weight that may be 0. */
    void notNegative(double value, String field) {
        require(value >= 0 && value <= MOST, field, "Must be 0 or more (at most %.0e), got %s".formatted(MOST, value));
    }

    List<Problem> all() {
        return List.copyOf(found);
    }
}
