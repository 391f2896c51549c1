package io.goodhart.trainer.execute;

/**
 * What was read; the output {@code summary} of read_pairs.
 *
 * @param chats pairs that the model's chat template rendered
 * @param truncated pairs of which a completion was cut to the model's context
 */
public record ReadPairsSummary(int pairs, int chats, int truncated) {}
