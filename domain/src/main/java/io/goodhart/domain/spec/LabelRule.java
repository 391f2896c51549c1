package io.goodhart.domain.spec;

import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which texts of a data set are positive.
 *
 * @param field its field with the label
 * @param positive the labels of positive texts, by name; absent: labels are numbers, and those of at least 0.5 are positive
 */
public record LabelRule(String field, @Nullable List<String> positive) {
    /** From where on a number is positive. */
    public static final double THRESHOLD = 0.5;

    public LabelRule {
        positive = distinct(positive);
    }

    /** Neither the order of labels nor a second mention means anything. */
    static @Nullable List<String> distinct(@Nullable List<String> labels) {
        return labels == null ? null : List.copyOf(new TreeSet<>(labels));
    }

    /** It in words, for people. */
    public String describe() {
        return positive == null ? field : "%s (%s)".formatted(field, String.join(", ", positive));
    }
}
