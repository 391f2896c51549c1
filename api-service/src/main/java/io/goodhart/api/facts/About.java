package io.goodhart.api.facts;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;
import org.jspecify.annotations.Nullable;

/** Puts problems of a file under the field that named the file. */
final class About {
    private About() {}

    /** The same problems under a field; what they were about before goes in front of their messages. */
    static InvalidInputException field(@Nullable String field, InvalidInputException refusal) {
        return new InvalidInputException(refusal.problems().stream()
                .map(problem -> new Problem(problem.code(), field, message(problem)))
                .toList());
    }

    private static String message(Problem problem) {
        boolean said = problem.field() == null || problem.message().contains(problem.field());
        return said ? problem.message() : problem.field() + ": " + problem.message();
    }
}
