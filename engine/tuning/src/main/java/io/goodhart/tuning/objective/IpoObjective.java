package io.goodhart.tuning.objective;

import io.goodhart.tensor.Tensor;

/**
 * Identity preference optimisation: L = (h − 1/(2β))². Azar et al. 2023, arXiv:2310.12036, eq. 17, with τ = β.
 *
 * @param length whether h is made of sums over a completion's tokens, as in the paper, or of means, as in TRL
 */
public record IpoObjective(double beta, Length length) implements PreferenceObjective {
    /** How log-probabilities of completions of different lengths are compared. */
    public enum Length {
        SUMMED,
        AVERAGED
    }

    public IpoObjective {
        PreferenceObjective.requireBeta(beta);
    }

    @Override
    public PreferenceLoss evaluate(PairLogProbs policy, PairLogProbs reference) {
        Tensor chosenB = policy.chosenB().minus(reference.chosenB().detached());
        Tensor rejectedB = policy.rejectedB().minus(reference.rejectedB().detached());
        Tensor hB = switch (length) {
            case SUMMED -> chosenB.minus(rejectedB);
            case AVERAGED ->
                chosenB.dividedBy(policy.chosenTokensB()).minus(rejectedB.dividedBy(policy.rejectedTokensB()));
        };
        Tensor lossB = hB.shifted(-1 / (2 * beta)).square();
        return new PreferenceLoss(
                lossB, chosenB.scaled(beta).detached(), rejectedB.scaled(beta).detached());
    }
}
