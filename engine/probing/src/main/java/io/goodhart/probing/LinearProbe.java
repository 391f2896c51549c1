package io.goodhart.probing;

import io.goodhart.domain.model.ProbeRole;

/**
 * A probe as it is kept, served and trained against.
 *
 * @param name unique within its set, such as {@code train-3}
 * @param readPoint where its activations come from
 * @param threshold calibrated probability from which on an activation counts as positive, in [0, 1]
 */
public record LinearProbe(String name, ProbeRole role, ReadPoint readPoint, FittedProbe fit, double threshold) {
    public LinearProbe {
        if (name.isBlank()) {
            throw new IllegalArgumentException("A probe needs a name");
        }
        if (!(threshold >= 0 && threshold <= 1)) { // so that NaN fails too
            throw new IllegalArgumentException("Need a threshold between 0 and 1, got " + threshold);
        }
    }

    /** Probability of the positive class. */
    public double probability(DenseVector activation) {
        return FittedProbe.sigmoid(fit.logit(activation));
    }

    /** probability ≥ threshold. */
    public boolean fires(DenseVector activation) {
        return probability(activation) >= threshold;
    }
}
