package io.goodhart.domain.validate;

import io.goodhart.domain.Problem;
import java.util.ArrayList;
import java.util.List;

/** Collects everything that is wrong. Range checks are written so that NaN fails. */
final class Problems {
    private final List<Problem> found = new ArrayList<>();

    void add(String code, String field, String message) {
        found.add(new Problem(code, field, message));
    }

    void require(boolean holds, String field, String message) {
        if (!holds) {
            add("out_of_range", field, message);
        }
    }

    void atLeast(int value, int least, String field) {
        require(value >= least, field, "Must be at least %d, got %d".formatted(least, value));
    }

    void within(double value, double from, double to, String field) {
        require(value >= from && value <= to, field, "Must lie in [%s, %s], got %s".formatted(from, to, value));
    }

    List<Problem> all() {
        return List.copyOf(found);
    }
}
