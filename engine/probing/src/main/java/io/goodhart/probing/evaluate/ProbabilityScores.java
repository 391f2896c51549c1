package io.goodhart.probing.evaluate;

import java.util.OptionalDouble;

/** How far predicted probabilities are from what happened. Each is empty without examples; one class is enough. */
public final class ProbabilityScores {
    private ProbabilityScores() {}

    /** mean (p − y)². Brier 1950, Monthly Weather Review 78, p. 1. */
    public static OptionalDouble brier(boolean[] labels, double[] probabilities) {
        Scores.checkProbabilities(labels, probabilities);
        double sum = 0;
        for (int i = 0; i < labels.length; i++) {
            double error = probabilities[i] - (labels[i] ? 1 : 0);
            sum += error * error;
        }
        return labels.length == 0 ? OptionalDouble.empty() : OptionalDouble.of(sum / labels.length);
    }

    /**
     * Expected calibration error Σ_j n_j/n · |mean y − mean p| over bins of equal width, bin j = min(⌊bins·p⌋, bins − 1).
     * Guo et al. 2017, arXiv:1706.04599, eq. 3, with the probability of the positive class in place of the confidence.
     */
    public static OptionalDouble expectedCalibrationError(boolean[] labels, double[] probabilities, int bins) {
        Scores.checkProbabilities(labels, probabilities);
        if (bins < 1) {
            throw new IllegalArgumentException("Need a bin or more, got " + bins);
        }
        double[] excess = new double[bins];
        for (int i = 0; i < labels.length; i++) {
            int bin = Math.min((int) (bins * probabilities[i]), bins - 1);
            excess[bin] += (labels[i] ? 1 : 0) - probabilities[i];
        }
        double sum = 0;
        for (double binExcess : excess) {
            sum += Math.abs(binExcess); // n_j/n · |Σ(y − p)/n_j|
        }
        return labels.length == 0 ? OptionalDouble.empty() : OptionalDouble.of(sum / labels.length);
    }

    /** Share of the examples with (p ≥ threshold) = y. */
    public static OptionalDouble accuracy(boolean[] labels, double[] scores, double threshold) {
        Scores.check(labels, scores);
        int right = 0;
        for (int i = 0; i < labels.length; i++) {
            if ((scores[i] >= threshold) == labels[i]) {
                right++;
            }
        }
        return labels.length == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) right / labels.length);
    }
}
