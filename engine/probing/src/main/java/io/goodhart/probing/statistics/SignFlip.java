package io.goodhart.probing.statistics;

import io.goodhart.domain.SplitMix;

/**
 * Two-sided permutation test of paired differences around zero: the share of sign vectors s ∈ {−1, 1}ⁿ with
 * |mean(s·d)| ≥ |mean(d)|, the observed one included. Fisher 1935, The Design of Experiments, section 21.
 */
public final class SignFlip {
    /** Above this {@link #exactP} would take too long: 2²⁴ sums. */
    public static final int LARGEST_EXACT = 24;

    /** Equal means may differ in their last bits, as the sums are made in another order. */
    private static final double SLACK = 1e-12;

    private SignFlip() {}

    /** The exact p by all 2ⁿ sign vectors, at most {@value #LARGEST_EXACT} differences. */
    public static double exactP(double[] differences) {
        int n = differences.length;
        if (n < 1 || n > LARGEST_EXACT) {
            throw new IllegalArgumentException("Need 1 to " + LARGEST_EXACT + " differences, got " + n);
        }
        double observed = Math.abs(meanOf(differences));
        long hits = countAtLeast(differences, 1, differences[0], observed - SLACK);
        return (double) hits / (1L << (n - 1)); // the first sign may stay +: |mean| is the same for s and −s
    }

    /** p = (1 + hits)/(1 + flips) by random sign vectors, for more differences than {@link #exactP} takes. */
    public static double sampledP(double[] differences, int flips, long seed) {
        if (differences.length < 1 || flips < 1) {
            throw new IllegalArgumentException("Need differences and flips");
        }
        double observed = Math.abs(meanOf(differences));
        SplitMix random = new SplitMix(seed);
        int hits = 0;
        for (int flip = 0; flip < flips; flip++) {
            double sum = 0;
            for (double difference : differences) {
                sum += random.below(2) == 0 ? difference : -difference;
            }
            if (Math.abs(sum / differences.length) >= observed - SLACK) {
                hits++;
            }
        }
        return (1.0 + hits) / (1.0 + flips);
    }

    private static long countAtLeast(double[] differences, int next, double sum, double limit) {
        if (next == differences.length) {
            return Math.abs(sum / differences.length) >= limit ? 1 : 0;
        }
        return countAtLeast(differences, next + 1, sum + differences[next], limit)
                + countAtLeast(differences, next + 1, sum - differences[next], limit);
    }

    private static double meanOf(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        if (!Double.isFinite(sum)) {
            throw new IllegalArgumentException("Differences must be finite");
        }
        return sum / values.length;
    }
}
