package io.goodhart.trainer.execute;

import io.goodhart.trainer.artifact.ResponseRow;

/**
 * One response to a prompt, with what pairs are made of.
 *
 * @param label orders the responses of a prompt: the lowest is chosen
 * @param score the behaviour's scorer
 * @param referenceLogProb log π_ref(y|x), summed over its tokens, in nats
 */
record Candidate(ResponseRow row, double label, double score, double referenceLogProb) {}
