package io.goodhart.domain.model;

/** How the activations of a response's tokens become one vector. Padding, the prompt and {@code <eos>} never count. */
public enum Pooling {
    MEAN,
    LAST,
    MAX
}
