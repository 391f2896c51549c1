package io.goodhart.tuning.objective;

/**
 * A penalty on leaving the reference: γ · (KL of the chosen + KL of the rejected sequences), where a position's
 * KL(π_ref ‖ π_θ) = Σ_v π_ref(v)·(log π_ref(v) − log π_θ(v)) is taken at every position that has a next token, prompt
 * included. Yang et al. 2025, arXiv:2411.06424, added it to DPO; their code also averages over padding, we do not.
 *
 * @param gamma γ ≥ 0
 * @param average how positions are averaged
 */
public record KlAnchor(double gamma, Average average) {
    /** How positions are averaged. */
    public enum Average {
        /** Mean over the positions of a sequence, then mean over the pairs. */
        SEQUENCE,
        /** Mean over all positions of one side of the micro-batch. */
        TOKEN
    }

    public KlAnchor {
        if (!(gamma >= 0 && gamma < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("Need a finite gamma >= 0, got " + gamma);
        }
    }

    /**
     * Weight of one position's KL in the mean over one side, without γ.
     *
     * @param pairs pairs of the micro-batch
     * @param positions positions of the sequence that have a next token
     * @param sidePositions the same of all sequences of its side
     */
    public double weight(int pairs, int positions, long sidePositions) {
        return switch (average) {
            case SEQUENCE -> 1.0 / ((double) pairs * positions);
            case TOKEN -> 1.0 / sidePositions;
        };
    }
}
