package io.goodhart.tuning.objective;

import io.goodhart.tensor.Tensor;

/**
 * Log-probabilities of the completions of B pairs under one model, in nats, summed over the tokens of a completion.
 *
 * @param chosenB log π(y_w|x) [B]
 * @param rejectedB log π(y_l|x) [B]
 * @param chosenTokensB number of tokens of each chosen completion [B]; only {@link IpoObjective} reads it
 * @param rejectedTokensB number of tokens of each rejected completion [B]
 */
public record PairLogProbs(Tensor chosenB, Tensor rejectedB, Tensor chosenTokensB, Tensor rejectedTokensB) {}
