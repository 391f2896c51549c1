package io.goodhart.domain.validate;

import io.goodhart.domain.spec.LabelRule;

/** Rules about which labels are positive. */
final class LabelRules {
    private LabelRules() {}

    static void check(LabelRule rule, String field, Problems problems) {
        if (rule.positive() != null) {
            problems.require(
                    !rule.positive().isEmpty() && rule.positive().stream().noneMatch(String::isBlank),
                    field + ".positive",
                    "Name the labels of positive texts, or leave it out where labels are numbers");
        }
    }

    /** Which labels a data set has if all are of one class; a name that no text has is refused before. */
    static String only(LabelRule rule, boolean positive) {
        if (rule.positive() != null) {
            return "one of " + String.join(", ", rule.positive());
        }
        return (positive ? "at least " : "below ") + LabelRule.THRESHOLD;
    }
}
