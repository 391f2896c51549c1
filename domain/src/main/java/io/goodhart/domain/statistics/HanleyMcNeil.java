package io.goodhart.domain.statistics;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Standard error of an AUC from the AUC and the class sizes alone, exact for exponential scores:
 * SE² = (A(1−A) + (n⁺−1)(Q₁−A²) + (n⁻−1)(Q₂−A²)) / (n⁺n⁻), Q₁ = A/(2−A), Q₂ = 2A²/(1+A).
 * Hanley and McNeil 1982, Radiology 143, p. 29, eq. 1 and 2.
 */
public final class HanleyMcNeil {
    private static final int HALVINGS = 100;

    private HanleyMcNeil() {}

    /** The standard error; empty if a class is missing. */
    public static OptionalDouble standardError(double auc, int positives, int negatives) {
        check(auc, positives, negatives);
        if (positives == 0 || negatives == 0) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(Math.sqrt(variance(auc, positives - 1.0, negatives - 1.0) / positives / negatives));
    }

    /**
     * Score interval: all θ with |A − θ| ≤ z·SE(θ), the variance taken at θ and with (n⁺ + n⁻)/2 − 1 in place of both n⁺ − 1 and
     * n⁻ − 1. Newcombe 2006, Statistics in Medicine 25, p. 559, method 5. Unlike DeLong's it does not shrink to a point when the
     * classes are separated (A = 1), so it is what to show there.
     *
     * @return empty if a class is missing
     */
    public static Optional<Interval> scoreInterval(double auc, int positives, int negatives, double level) {
        check(auc, positives, negatives);
        if (positives == 0 || negatives == 0) {
            return Optional.empty();
        }
        double z = Normal.critical(level);
        double lower = auc == 0 ? 0 : limit(auc, 0, z, positives, negatives);
        double upper = auc == 1 ? 1 : limit(auc, 1, z, positives, negatives);
        return Optional.of(new Interval(lower, upper));
    }

    /**
     * Interval of A − B from the score intervals of both, as if they were independent ({@link Interval#ofDifference}). On the same
     * texts it is too wide rather than too narrow; it is for AUCs of 1 or 0, whose paired covariance is 0.
     *
     * @return empty if a class is missing
     */
    public static Optional<Interval> differenceInterval(
            double a, double b, int positives, int negatives, double level) {
        return scoreInterval(a, positives, negatives, level)
                .flatMap(ofA -> scoreInterval(b, positives, negatives, level)
                        .map(ofB -> Interval.ofDifference(a, ofA, b, ofB)));
    }

    private static double limit(double auc, double end, double z, int positives, int negatives) {
        double pooled = (positives + negatives) / 2.0 - 1;
        double inside = auc;
        double outside = end;
        for (int i = 0; i < HALVINGS; i++) {
            double theta = (inside + outside) / 2;
            double variance = variance(theta, pooled, pooled) / positives / negatives;
            if ((auc - theta) * (auc - theta) <= z * z * variance) {
                inside = theta;
            } else {
                outside = theta;
            }
        }
        return inside;
    }

    private static double variance(double a, double positivesLessOne, double negativesLessOne) {
        double q1 = a / (2 - a);
        double q2 = 2 * a * a / (1 + a);
        double sum = a * (1 - a) + positivesLessOne * (q1 - a * a) + negativesLessOne * (q2 - a * a);
        return Math.max(0, sum); // not below zero by rounding at A = 0 or 1
    }

    private static void check(double auc, int positives, int negatives) {
        if (!(auc >= 0 && auc <= 1) || positives < 0 || negatives < 0) {
            throw new IllegalArgumentException(
                    "Need an AUC between 0 and 1 and class sizes, got " + auc + ", " + positives + ", " + negatives);
        }
    }
}
