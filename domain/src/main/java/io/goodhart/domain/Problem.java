package io.goodhart.domain;

import org.jspecify.annotations.Nullable;

/**
 * One thing that is wrong with what a user sent.
 *
 * @param code stable, for programs: {@code unknown_field}, {@code out_of_range}, {@code model_not_found}, …
 * @param field path of the offending field, such as {@code arms.probe-dpo.probes}, or null if it is about the whole
 * @param message what is wrong and what to do, for people
 */
public record Problem(String code, @Nullable String field, String message) {
    @Override
    public String toString() {
        return (field == null ? "" : field + ": ") + message + " [" + code + "]";
    }
}
