package io.goodhart.tensor;

/**
 * The greatest elements along an axis, descending.
 *
 * @param values the elements
 * @param indices their positions, INT64
 */
public record TopK(Tensor values, Tensor indices) {}
