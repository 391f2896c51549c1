package io.goodhart.modelfiles.config;

import org.jspecify.annotations.Nullable;

/**
 * Causal attention.
 *
 * @param projection queries, keys and values
 * @param output the output projection
 * @param scores what becomes of q·k
 * @param queryNorm over each query if it has the size of one, else over all queries of a token; null: none
 * @param keyNorm the same for keys
 * @param rope rotary positions; null: positions are not this block's business
 */
public record AttentionLayout(
        Projection projection,
        LinearLayout output,
        Scores scores,
        @Nullable NormLayout queryNorm,
        @Nullable NormLayout keyNorm,
        @Nullable Rope rope) {
    /** Where queries, keys and values come from. */
    public sealed interface Projection {
        /** One module for each. */
        record Separate(LinearLayout query, LinearLayout key, LinearLayout value) implements Projection {}

        /** One module for all three, side by side: all queries, all keys, all values. */
        record Fused(LinearLayout all) implements Projection {}

        /** One module for all three, head by head: query, key and value of the first head, then of the second. */
        record FusedByHead(LinearLayout all) implements Projection {}
    }

    /**
     * What becomes of q·k.
     *
     * @param scale it is multiplied by this
     * @param softcap then a score s becomes c·tanh(s/c); 0: it stays
     * @param window a token sees itself and the window − 1 tokens before it; 0: everything before it
     */
    public record Scores(double scale, double softcap, int window) {
        /** 1/√K, nothing else. */
        public static Scores ofHead(int dHead) {
            return new Scores(1 / Math.sqrt(dHead), 0, 0);
        }

        /** The same with a window. */
        public Scores within(int newWindow) {
            return new Scores(scale, softcap, newWindow);
        }
    }

    /** The same with norms on queries and keys. */
    public AttentionLayout normed(NormLayout query, NormLayout key) {
        return new AttentionLayout(projection, output, scores, query, key, rope);
    }
}
