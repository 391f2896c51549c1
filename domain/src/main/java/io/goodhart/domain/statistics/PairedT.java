package io.goodhart.domain.statistics;

import java.util.Optional;

/**
 * Paired t test: t = d̄ / (s/√n), s² = Σ(d − d̄)²/(n − 1), ν = n − 1, two-sided. Student 1908, Biometrika 6, p. 1.
 * The same numbers serve as the mean of values over seeds with its interval.
 *
 * @param mean d̄
 * @param standardError s/√n, positive
 * @param t mean / standardError
 * @param p P(|T_ν| ≥ |t|)
 */
public record PairedT(double mean, double standardError, double t, double p, int degreesOfFreedom) {
    /** Differences that are equal up to rounding have no spread to measure the mean by. */
    private static final double SMALLEST_DEVIATION = 1e-12;

    /** The test of these differences; empty below two of them and when all are equal. */
    public static Optional<PairedT> of(double[] differences) {
        int n = differences.length;
        if (n < 2) {
            return Optional.empty();
        }
        double sum = 0;
        for (double difference : differences) {
            sum += difference;
        }
        double mean = sum / n;
        double squares = 0;
        for (double difference : differences) {
            squares += (difference - mean) * (difference - mean);
        }
        if (!Double.isFinite(squares)) {
            throw new IllegalArgumentException("Differences must be finite");
        }
        double deviation = Math.sqrt(squares / (n - 1));
        if (deviation <= SMALLEST_DEVIATION) {
            return Optional.empty();
        }
        double standardError = deviation / Math.sqrt(n);
        double t = mean / standardError;
        return Optional.of(new PairedT(mean, standardError, t, StudentT.twoSidedP(t, n - 1), n - 1));
    }

    /** d̄ ± t_{ν, level}·s/√n. */
    public Interval interval(double level) {
        double half = StudentT.critical(level, degreesOfFreedom) * standardError;
        return new Interval(mean - half, mean + half);
    }
}
