package io.goodhart.domain.validate;

/**
 * What is known of a data set's preference pairs, every one of which has three parts and two different completions.
 *
 * @param eligible rows that pass the filter
 * @param longestPromptTokens tokens of the longest prompt, as the model's chat template renders it if it is a chat
 * @param tooLong rows of which a completion is longer than the model's context and would be cut
 */
public record PairFacts(int eligible, int longestPromptTokens, int tooLong) {}
