package io.goodhart.tuning.objective;

/** Hinge loss on the margin: L = max(0, 1 − z). Zhao et al. 2023 (SLiC), arXiv:2305.10425, in the normalised form of DPO's margin. */
public record HingeObjective(double beta) implements PreferenceObjective {
    public HingeObjective {
        PreferenceObjective.requireBeta(beta);
    }

    @Override
    public PreferenceLoss evaluate(PairLogProbs policy, PairLogProbs reference) {
        Margins margins = Margins.of(beta, policy, reference);
        return margins.with(margins.marginB().negated().shifted(1).relu());
    }
}
