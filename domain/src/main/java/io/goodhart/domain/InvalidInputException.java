package io.goodhart.domain;

import java.util.List;
import java.util.stream.Collectors;

/** What was sent cannot be honoured; carries every problem found, not only the first. */
public final class InvalidInputException extends GoodhartException {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    public InvalidInputException(List<Problem> problems) {
        super(
                problems.isEmpty() ? "invalid_input" : problems.getFirst().code(),
                problems.stream().map(Problem::toString).collect(Collectors.joining("; ")));
        this.problems = List.copyOf(problems);
    }

    public InvalidInputException(Problem problem) {
        this(List.of(problem));
    }

    public List<Problem> problems() {
        return problems;
    }
}
