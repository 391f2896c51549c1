package io.goodhart.domain.validate;

/**
 * What is known of the preference pairs of a data set.
 *
 * @param eligible rows that pass the filter
 * @param drawn those that the experiment draws
 * @param longestPromptTokens tokens of the longest prompt drawn, as the model's chat template renders it if it is a chat
 * @param longestTokens tokens of the longest prompt with the longer of its completions
 * @param tooLong drawn rows of which a completion is longer than the model's context and would be cut
 */
public record PairFacts(int eligible, int drawn, int longestPromptTokens, int longestTokens, int tooLong) {}
