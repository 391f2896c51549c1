package io.goodhart.tuning.objective;

import io.goodhart.tensor.Tensor;

/**
 * Provably robust DPO: L = (−(1−ε)·log σ(z) + ε·log σ(−z)) / (1−2ε), an unbiased estimate of the DPO loss if each label is
 * flipped with probability ε. Ray Chowdhury et al. 2024, arXiv:2403.00409, eq. 12. May be negative.
 *
 * @param labelSmoothing ε, 0 ≤ ε &lt; 0.5
 */
public record RobustDpoObjective(double beta, double labelSmoothing) implements PreferenceObjective {
    public RobustDpoObjective {
        PreferenceObjective.requireBeta(beta);
        PreferenceObjective.requireLabelSmoothing(labelSmoothing);
    }

    @Override
    public PreferenceLoss evaluate(PairLogProbs policy, PairLogProbs reference) {
        Margins margins = Margins.of(beta, policy, reference);
        Tensor agreeB = margins.marginB().negated().softPlus();
        Tensor flippedB = margins.marginB().softPlus();
        Tensor differenceB = agreeB.scaled(1 - labelSmoothing).minus(flippedB.scaled(labelSmoothing));
        return margins.with(differenceB.scaled(1 / (1 - 2 * labelSmoothing)));
    }
}
