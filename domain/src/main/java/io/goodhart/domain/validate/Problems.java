package io.goodhart.domain.validate;

import io.goodhart.domain.Problem;
import java.util.ArrayList;
import java.util.List;

/**
 * Collects everything that is wrong. Range checks are written so that NaN fails. Whole numbers have an upper bound as well as a
 * lower one, so that products and sums of a few of them stay exact.
 */
final class Problems {
    /** More rows, tokens or steps than any experiment has. */
    static final int MANY = 10_000_000;

    private final List<Problem> found = new ArrayList<>();

    /** What is found twice, because two arms share it, is said once. */
    void add(String code, String field, String message) {
        Problem problem = new Problem(code, field, message);
        if (!found.contains(problem)) {
            found.add(problem);
        }
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

    List<Problem> all() {
        return List.copyOf(found);
    }
}
