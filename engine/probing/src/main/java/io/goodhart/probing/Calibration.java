package io.goodhart.probing;

/**
 * From a logit z to a probability σ(a·z + b) and a decision.
 *
 * @param slope a, positive, so that the order stays; 1 unless calibrated
 * @param intercept b; 0 unless calibrated
 * @param threshold probability from which on a text is flagged, in [0, 1]
 */
public record Calibration(double slope, double intercept, double threshold) {
    public Calibration {
        if (!(slope > 0) || !Double.isFinite(slope) || !Double.isFinite(intercept)) { // so that NaN fails too
            throw new IllegalArgumentException(
                    "Need a positive slope and a finite intercept, got " + slope + " and " + intercept);
        }
        if (!(threshold >= 0 && threshold <= 1)) {
            throw new IllegalArgumentException("Need a threshold between 0 and 1, got " + threshold);
        }
    }

    /** Probabilities σ(z). */
    public static Calibration uncalibrated(double threshold) {
        return new Calibration(1, 0, threshold);
    }

    /** σ(a·z + b). */
    public double probability(double logit) {
        return FittedProbe.sigmoid(slope * logit + intercept);
    }

    /** Whether the probability reaches the threshold. */
    public boolean flags(double logit) {
        return probability(logit) >= threshold;
    }

    /** Probabilities of logits. */
    public double[] probabilities(double[] logits) {
        double[] probabilities = new double[logits.length];
        for (int i = 0; i < logits.length; i++) {
            probabilities[i] = probability(logits[i]);
        }
        return probabilities;
    }

    /** The same probabilities with another threshold. */
    public Calibration withThreshold(double other) {
        return new Calibration(slope, intercept, other);
    }
}
