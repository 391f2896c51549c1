package io.goodhart.domain.validate;

import io.goodhart.domain.Problem;
import java.util.List;

/**
 * What a validation found.
 *
 * @param problems reasons to refuse
 * @param warnings what the user should know; recorded with the experiment
 */
public record Validation(List<Problem> problems, List<Problem> warnings) {
    public Validation {
        problems = List.copyOf(problems);
        warnings = List.copyOf(warnings);
    }
}
