package io.goodhart.modelfiles.config;

import java.util.Optional;

/** Non-linearities of an MLP. */
public enum Activation {
    /** x·Φ(x). */
    GELU,
    /** x/2·(1 + tanh(√(2/π)·(x + 0.044715·x³))). */
    GELU_TANH,
    /** x·σ(x). */
    SILU,
    /** max(x, 0). */
    RELU;

    /** By the names that configurations of the Hub use. */
    static Optional<Activation> byName(String name) {
        return switch (name) {
            case "gelu" -> Optional.of(GELU);
            case "gelu_new", "gelu_pytorch_tanh" -> Optional.of(GELU_TANH);
            case "silu", "swish" -> Optional.of(SILU);
            case "relu" -> Optional.of(RELU);
            default -> Optional.empty();
        };
    }
}
