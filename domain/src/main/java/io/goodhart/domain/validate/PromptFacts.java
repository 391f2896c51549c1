package io.goodhart.domain.validate;

/**
 * What is known of the prompts that a specification can draw from.
 *
 * @param distinct number of distinct eligible prompts
 * @param longestTokens tokens of the longest of those that are drawn, special tokens among them
 */
public record PromptFacts(int distinct, int longestTokens) {}
