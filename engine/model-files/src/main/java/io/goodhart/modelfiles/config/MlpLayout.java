package io.goodhart.modelfiles.config;

/**
 * An MLP.
 *
 * @param input what leads into it
 * @param down its output projection
 */
public record MlpLayout(Input input, Activation activation, LinearLayout down) {
    /** What leads into an MLP. */
    public sealed interface Input {
        /** act(up(x)). */
        record Plain(LinearLayout up) implements Input {}

        /** act(gate(x))·up(x). */
        record Gated(LinearLayout gate, LinearLayout up) implements Input {}

        /** The same with both in one module: the first half of its outputs is the gate. */
        record FusedGate(LinearLayout gateUp) implements Input {}
    }
}
