package io.goodhart.domain.statistics;

/**
 * The standard normal distribution, Φ(z) = ½ erfc(−z/√2).
 *
 * <p>erf by Kummer's series erf(x) = 2/√π · e^(−x²) · Σ_n 2ⁿ x^(2n+1) / (2n+1)!! (Abramowitz and Stegun 1964, 7.1.6; every term is
 * positive, so nothing cancels) below {@value #SERIES_LIMIT}, and by the continued fraction 7.1.14 for erfc from there on. Relative
 * error about 1e-14 also far in the tail.
 */
public final class Normal {
    private static final double SERIES_LIMIT = 2.5;
    private static final int FRACTION_TERMS = 120;
    private static final double FARTHEST = 38;

    private Normal() {}

    /** P(Z ≤ z). */
    public static double cdf(double z) {
        return 0.5 * erfc(-z / Math.sqrt(2));
    }

    /** P(|Z| ≥ |z|). */
    public static double twoSidedP(double z) {
        return erfc(Math.abs(z) / Math.sqrt(2));
    }

    /** The z with P(|Z| ≤ z) = level: 1.959963984540054 for 0.95. */
    public static double critical(double level) {
        Levels.check(level);
        return Levels.decreasingRoot(z -> twoSidedP(z) - (1 - level), 0, FARTHEST);
    }

    /** Complementary error function, 2/√π ∫_x^∞ e^(−t²) dt. */
    static double erfc(double x) {
        if (Double.isNaN(x)) {
            throw new IllegalArgumentException("erfc of NaN");
        }
        if (x < 0) {
            return 2 - erfc(-x);
        }
        if (x < SERIES_LIMIT) {
            return 1 - erfSeries(x);
        }
        double fraction = 0;
        for (int k = FRACTION_TERMS; k >= 1; k--) {
            fraction = (k / 2.0) / (x + fraction);
        }
        return Math.exp(-x * x) / Math.sqrt(Math.PI) / (x + fraction);
    }

    private static double erfSeries(double x) {
        double term = x;
        double sum = x;
        for (int n = 1; term > sum * 1e-18; n++) {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }
        return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
    }
}
