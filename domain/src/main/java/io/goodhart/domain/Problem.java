package io.goodhart.domain;

import java.util.Collection;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One thing that is wrong with what a user sent.
 *
 * @param code stable, for programs: {@code unknown_field}, {@code out_of_range}, {@code model_not_found}, …
 * @param field path of the offending field, such as {@code arms.probe-dpo.probes}, or null if it is about the whole
 * @param message what is wrong and what to do, for people
 */
public record Problem(String code, @Nullable String field, String message) {
    /**
     * A field that is not there, beside those that are.
     *
     * @param field its path
     * @param name the end of the path
     */
    public static Problem unknownField(@Nullable String field, String name, Collection<String> known) {
        String names = String.join(", ", new TreeSet<>(known));
        String hint = known.isEmpty() ? "" : "; there are " + names;
        return new Problem(
                "unknown_field",
                field,
                "No field has this name here"
                        + NearMiss.of(name, known)
                                .map(meant -> ", did you mean %s? There are %s".formatted(meant, names))
                                .orElse(hint));
    }

    @Override
    public String toString() {
        return (field == null ? "" : field + ": ") + message + " [" + code + "]";
    }
}
