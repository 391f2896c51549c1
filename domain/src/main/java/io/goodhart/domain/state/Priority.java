package io.goodhart.domain.state;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;

/**
 * How urgent an experiment is. It says when something is computed and never what, so it is no part of a specification.
 *
 * @param value from {@value #MIN}, which can wait, to {@value #MAX}, which is the most urgent
 */
public record Priority(int value) {
    public static final int MIN = -10;
    public static final int MAX = 10;

    /** What an experiment has of which nothing else is said. */
    public static final Priority NORMAL = new Priority(0);

    /** @throws InvalidInputException with code {@code out_of_range} and field {@code priority} */
    public Priority {
        if (value < MIN || value > MAX) {
            throw new InvalidInputException(
                    new Problem("out_of_range", "priority", "Need %d to %d, got %d".formatted(MIN, MAX, value)));
        }
    }
}
