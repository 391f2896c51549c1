package io.goodhart.tuning.objective;

import io.goodhart.tensor.Tensor;

/**
 * What a preference objective says of B pairs.
 *
 * @param lossB loss of each pair [B]
 * @param chosenRewardsB implicit reward β·log(π_θ/π_ref) of the chosen completions [B], without gradient
 * @param rejectedRewardsB the same of the rejected completions [B]
 */
public record PreferenceLoss(Tensor lossB, Tensor chosenRewardsB, Tensor rejectedRewardsB) {
    /** Mean over the pairs: each weighs the same, however long its completions are. */
    public Tensor loss() {
        return lossB.mean();
    }
}
