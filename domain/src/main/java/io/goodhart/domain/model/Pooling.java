package io.goodhart.domain.model;

/** How the activations of a response's tokens become what a probe reads. Padding, the prompt and {@code <eos>} never count. */
public enum Pooling {
    MEAN,
    LAST,
    MAX,
    /** Every token is kept, and read on its own. */
    PER_TOKEN
}
