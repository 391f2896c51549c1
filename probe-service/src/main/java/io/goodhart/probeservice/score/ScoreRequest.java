package io.goodhart.probeservice.score;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;
import io.goodhart.domain.model.Aggregation;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Texts to score, as they come: lists that may hold null.
 *
 * @param probes names of the probes, at least one
 * @param items texts, at least one
 * @param perToken whether each token's score is wanted; absent is no
 * @param aggregation how a text's score is made of its tokens'; absent: as each probe was fitted
 */
record ScoreRequest(
        List<String> probes,
        List<Item> items,
        @Nullable Boolean perToken,
        @Nullable Aggregation aggregation) {
    ScoreRequest {
        List<Problem> problems = new ArrayList<>();
        check(problems, "probes", probes);
        check(problems, "items", items);
        if (!problems.isEmpty()) {
            throw new InvalidInputException(problems);
        }
        probes = List.copyOf(probes);
        items = List.copyOf(items);
    }

    private static void check(List<Problem> problems, String field, @Nullable List<?> values) {
        if (values == null || values.isEmpty()) {
            problems.add(new Problem("missing_field", field, "Give at least one"));
        } else if (values.stream().anyMatch(Objects::isNull)) {
            problems.add(new Problem("wrong_type", field, "No element may be null"));
        }
    }

    /**
     * One text.
     *
     * @param prompt what comes before it: the probes read the text alone, the model reads both; absent is empty
     * @param text what is scored
     */
    record Item(@Nullable String prompt, String text) {}
}
