package io.goodhart.domain.statistics;

/**
 * Student's t distribution with ν ≥ 1 degrees of freedom, which need not be whole: P(|T| ≥ |t|) = I_x(ν/2, ½), x = ν/(ν + t²), I the regularised incomplete beta
 * function by its continued fraction (Abramowitz and Stegun 1964, 26.5.8), Γ by Lanczos' approximation (g = 7, nine terms).
 */
public final class StudentT {
    private static final double[] LANCZOS = {
        0.9999999999998099,
        676.5203681218851,
        -1259.1392167224028,
        771.3234287776531,
        -176.6150291621406,
        12.507343278686905,
        -0.13857109526572012,
        9.984369578019572e-6,
        1.5056327351493116e-7
    };
    private static final int MAX_TERMS = 10_000;
    private static final double PRECISION = 1e-16;
    private static final double TINY = 1e-300;

    private StudentT() {}

    /** P(|T| ≥ |t|). */
    public static double twoSidedP(double t, double degreesOfFreedom) {
        if (!(degreesOfFreedom >= 1)) {
            throw new IllegalArgumentException("Need one degree of freedom or more, got " + degreesOfFreedom);
        }
        double nu = degreesOfFreedom;
        double x = nu / (nu + t * t);
        return regularisedBeta(x, 1 - x, nu / 2, 0.5);
    }

    /** The t with P(|T| ≤ t) = level. */
    public static double critical(double level, double degreesOfFreedom) {
        Levels.check(level);
        double high = 1;
        while (twoSidedP(high, degreesOfFreedom) > 1 - level) {
            high *= 2;
        }
        return Levels.decreasingRoot(t -> twoSidedP(t, degreesOfFreedom) - (1 - level), 0, high);
    }

    private static double regularisedBeta(double x, double oneMinusX, double a, double b) {
        if (x <= 0 || oneMinusX <= 0) {
            return x <= 0 ? 0 : 1;
        }
        double front =
                Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(oneMinusX));
        if (x < (a + 1) / (a + b + 2)) {
            return front * betaFraction(x, a, b) / a;
        }
        return 1 - front * betaFraction(oneMinusX, b, a) / b;
    }

    /** Lentz's evaluation of 1/(1 + d₁/(1 + d₂/(1 + …))). */
    private static double betaFraction(double x, double a, double b) {
        double c = 1;
        double d = 1 / away(1 - (a + b) * x / (a + 1));
        double fraction = d;
        for (int m = 1; m <= MAX_TERMS; m++) {
            double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
            d = 1 / away(1 + even * d);
            c = away(1 + even / c);
            fraction *= d * c;
            double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
            d = 1 / away(1 + odd * d);
            c = away(1 + odd / c);
            fraction *= d * c;
            if (Math.abs(d * c - 1) < PRECISION) {
                break;
            }
        }
        return fraction;
    }

    private static double away(double value) {
        return Math.abs(value) < TINY ? TINY : value;
    }

    /** ln Γ(x) for x ≥ ½. */
    static double logGamma(double x) {
        double shifted = x - 1;
        double sum = LANCZOS[0];
        for (int i = 1; i < LANCZOS.length; i++) {
            sum += LANCZOS[i] / (shifted + i);
        }
        double t = shifted + 7.5;
        return 0.5 * Math.log(2 * Math.PI) + (shifted + 0.5) * Math.log(t) - t + Math.log(sum);
    }
}
