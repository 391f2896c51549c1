package io.goodhart.domain.validate;

/**
 * What is known of the texts of one corpus.
 *
 * @param eligible rows that pass the filter
 * @param tooLong rows that are longer than the model's context and would be cut
 */
public record TextFacts(int eligible, int tooLong) {}
