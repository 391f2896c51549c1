package io.goodhart.tuning.objective;

import io.goodhart.tensor.Tensor;

/**
 * Direct preference optimisation: L = −log σ(z). Rafailov et al. 2023, arXiv:2305.18290, eq. 7. With ε &gt; 0: conservative
 * DPO, L = −(1−ε)·log σ(z) − ε·log σ(−z), Mitchell 2023, cdpo.pdf, eq. 3.
 *
 * @param labelSmoothing ε, assumed probability that a label is the wrong way round, 0 ≤ ε &lt; 0.5
 */
public record DpoObjective(double beta, double labelSmoothing) implements PreferenceObjective {
    public DpoObjective {
        PreferenceObjective.requireBeta(beta);
        PreferenceObjective.requireLabelSmoothing(labelSmoothing);
    }

    /** The loss of the paper. */
    public static DpoObjective sigmoid(double beta) {
        return new DpoObjective(beta, 0);
    }

    @Override
    public PreferenceLoss evaluate(PairLogProbs policy, PairLogProbs reference) {
        Margins margins = Margins.of(beta, policy, reference);
        Tensor agreeB = margins.marginB().negated().softPlus(); // −log σ(z) = softplus(−z): finite for every finite z
        if (labelSmoothing == 0) {
            return margins.with(agreeB);
        }
        Tensor flippedB = margins.marginB().softPlus(); // −log σ(−z), the loss if the label were the wrong way round
        return margins.with(agreeB.scaled(1 - labelSmoothing).plus(flippedB.scaled(labelSmoothing)));
    }
}
