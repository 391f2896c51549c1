package io.goodhart.domain.statistics;

/**
 * What a two-sided test finds with a probability of {@link #POWER}: a true difference d whose estimate has variance v, if
 * d ≥ (t_{ν,1−α/2} + t_{ν,POWER})·√v. Bloom 1995, Evaluation Review 19, p. 547. Among m arms α is (1 − level)/m, the first step of
 * Holm's correction and the strictest.
 *
 * @param multiple t_{ν,1−α/2} + t_{ν,POWER}
 */
public record Detection(double multiple) {
    /** The usual 80 %. */
    public static final double POWER = 0.8;

    public Detection {
        if (!(multiple > 0)) {
            throw new IllegalArgumentException("Need a positive multiple, got " + multiple);
        }
    }

    /** With a variance that is estimated with ν degrees of freedom, whole or not. */
    public static Detection student(double level, int arms, double degreesOfFreedom) {
        return new Detection(StudentT.critical(corrected(level, arms), degreesOfFreedom)
                + StudentT.critical(2 * POWER - 1, degreesOfFreedom));
    }

    /** With a variance that is known. */
    public static Detection normal(double level, int arms) {
        return new Detection(Normal.critical(corrected(level, arms)) + Normal.critical(2 * POWER - 1));
    }

    private static double corrected(double level, int arms) {
        if (arms < 1) {
            throw new IllegalArgumentException("Need an arm or more, got " + arms);
        }
        return 1 - (1 - level) / arms;
    }

    /** The smallest true difference that is found, from the variance of its estimate. */
    public double difference(double variance) {
        return multiple * Math.sqrt(variance);
    }

    /** The variance that its estimate may have if a true difference is to be found. */
    public double variance(double difference) {
        double error = difference / multiple;
        return error * error;
    }
}
