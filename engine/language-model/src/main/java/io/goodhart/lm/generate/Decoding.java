package io.goodhart.lm.generate;

import io.goodhart.tensor.Sampling;

/** How the next token is chosen. */
public sealed interface Decoding {
    /** The likeliest token. */
    record Greedy() implements Decoding {}

    /** A draw. */
    record Sampled(Sampling sampling) implements Decoding {}
}
