package io.goodhart.tuning.logprob;

/** Log-probabilities of one pair's completions under one model, summed over their tokens, in nats. */
public record PairScore(double chosen, double rejected) {}
