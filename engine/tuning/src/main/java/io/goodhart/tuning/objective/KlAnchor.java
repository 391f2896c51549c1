package io.goodhart.tuning.objective;

/**
 * A penalty on leaving the reference: γ · KL, where a position's KL(π_ref ‖ π_θ) = Σ_v π_ref(v)·(log π_ref(v) − log π_θ(v)),
 * in nats, is taken at every position whose next token is read: for pairs and whole texts every position that has one, prompt
 * included. Of pairs it is the mean over the chosen plus the mean over the rejected sequences: Yang et al. 2025,
 * arXiv:2411.06424, added it to DPO; their code also averages over padding, we do not. Of texts it is the mean over the texts of
 * an optimiser step.
 *
 * @param gamma γ ≥ 0
 * @param average how positions are averaged
 */
public record KlAnchor(double gamma, Average average) {
    /** How positions are averaged. */
    public enum Average {
        /** Mean over the positions of a sequence, then mean over the sequences. */
        SEQUENCE,
        /** Mean over all positions. */
        TOKEN
    }

    public KlAnchor {
        if (!(gamma >= 0 && gamma < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("Need a finite gamma >= 0, got " + gamma);
        }
    }

    /**
     * Weight of one position's KL in the mean over a group, without γ: one side of a micro-batch of pairs, or the texts of a step.
     *
     * @param sequences sequences of the group
     * @param positions positions of the sequence
     * @param allPositions the same of all sequences of the group
     */
    public double weight(int sequences, int positions, long allPositions) {
        return switch (average) {
            case SEQUENCE -> 1.0 / ((double) sequences * positions);
            case TOKEN -> 1.0 / allPositions;
        };
    }
}
