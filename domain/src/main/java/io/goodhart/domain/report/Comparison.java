package io.goodhart.domain.report;

import org.jspecify.annotations.Nullable;

/**
 * A difference between two arms on the same prompts or texts.
 *
 * @param against the arm that is subtracted
 * @param difference this arm minus the other
 * @param lower absent if the interval is not defined
 * @param upper absent if the interval is not defined
 * @param p two-sided p-value; absent if the test is not defined
 * @param adjustedP {@code p} corrected over all arms compared in the same way (Holm 1979)
 * @param detectable smallest true difference that this comparison finds with 80 % power at the first step of the correction;
 *     absent if its variance is not known
 * @param test what was computed
 */
public record Comparison(
        String against,
        double difference,
        @Nullable Double lower,
        @Nullable Double upper,
        @Nullable Double p,
        @Nullable Double adjustedP,
        @Nullable Double detectable,
        String test) {
    /** The same comparison as a member of a family of tests. */
    public Comparison adjusted(double corrected) {
        return new Comparison(against, difference, lower, upper, p, corrected, detectable, test);
    }
}
