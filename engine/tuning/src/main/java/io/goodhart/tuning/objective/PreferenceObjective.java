package io.goodhart.tuning.objective;

import io.goodhart.tensor.Tensor;

/**
 * A loss on pairs of completions, as a pure function of log-probabilities. Throughout,
 * h = log(π_θ/π_ref)(y_w|x) − log(π_θ/π_ref)(y_l|x) and z = β·h. No gradient flows into the reference.
 */
public sealed interface PreferenceObjective permits DpoObjective, RobustDpoObjective, HingeObjective, IpoObjective {
    /** β &gt; 0: how strongly the policy is held at the reference. */
    double beta();

    /** Losses [B] and implicit rewards [B] of B pairs. */
    PreferenceLoss evaluate(PairLogProbs policy, PairLogProbs reference);

    /** What all of them share: rewards β·log(π_θ/π_ref) and their difference, the margin z [B]. */
    record Margins(Tensor chosenRewardsB, Tensor rejectedRewardsB, Tensor marginB) {
        static Margins of(double beta, PairLogProbs policy, PairLogProbs reference) {
            Tensor chosenB =
                    policy.chosenB().minus(reference.chosenB().detached()).scaled(beta);
            Tensor rejectedB =
                    policy.rejectedB().minus(reference.rejectedB().detached()).scaled(beta);
            return new Margins(chosenB, rejectedB, chosenB.minus(rejectedB));
        }

        PreferenceLoss with(Tensor lossB) {
            return new PreferenceLoss(lossB, chosenRewardsB.detached(), rejectedRewardsB.detached());
        }
    }

    /** Refuses a β that is not positive, NaN included. */
    static void requireBeta(double beta) {
        if (!(beta > 0 && beta < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("Need a finite beta > 0, got " + beta);
        }
    }

    /** Refuses a probability of a flipped label outside [0, 0.5), NaN included. */
    static void requireLabelSmoothing(double labelSmoothing) {
        if (!(labelSmoothing >= 0 && labelSmoothing < 0.5)) {
            throw new IllegalArgumentException("Need 0 <= labelSmoothing < 0.5, got " + labelSmoothing);
        }
    }
}
