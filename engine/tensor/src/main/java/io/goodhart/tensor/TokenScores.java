package io.goodhart.tensor;

/**
 * What a model thinks of given tokens, one number per row. Only {@code logProbsN} carries a gradient.
 *
 * @param logProbsN log p(target), in nats
 * @param entropyN −Σ_v p log p, in nats
 * @param bestN the most probable token, INT64
 * @param meanLogitN mean over the vocabulary of the logits
 */
public record TokenScores(Tensor logProbsN, Tensor entropyN, Tensor bestN, Tensor meanLogitN) {}
