package io.goodhart.modelfiles.config;

import java.util.Optional;

/** Non-linearities. */
public enum Activation {
    /** x·Φ(x). */
    GELU,
    /** x/2·(1 + tanh(√(2/π)·(x + 0.044715·x³))). */
    GELU_TANH,
    /** x·σ(1.702·x). */
    QUICK_GELU,
    /** x·σ(x). */
    SILU,
    /** max(x, 0). */
    RELU,
    TANH;

    /** By the names that configurations of the Hub use; several stand for one formula. */
    static Optional<Activation> byName(String name) {
        return switch (name) {
            case "gelu", "gelu_python" -> Optional.of(GELU);
            case "gelu_new", "gelu_pytorch_tanh", "gelu_python_tanh", "gelu_fast", "gelu_accurate" ->
                Optional.of(GELU_TANH);
            case "quick_gelu" -> Optional.of(QUICK_GELU);
            case "silu", "swish" -> Optional.of(SILU);
            case "relu" -> Optional.of(RELU);
            case "tanh" -> Optional.of(TANH);
            default -> Optional.empty();
        };
    }
}
