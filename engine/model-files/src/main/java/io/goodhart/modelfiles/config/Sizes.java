package io.goodhart.modelfiles.config;

/**
 * The sizes of a transformer.
 *
 * @param layers L
 * @param dModel D
 * @param dMlp F
 * @param heads H
 * @param keyValueHeads G: heads that share keys and values count once
 * @param dHead K
 * @param vocabulary V
 * @param context longest sequence in tokens
 */
public record Sizes(
        int layers, int dModel, int dMlp, int heads, int keyValueHeads, int dHead, int vocabulary, int context) {
    /** Width of all queries, H·K. */
    public int queries() {
        return heads * dHead;
    }

    /** Width of all keys, and of all values, G·K. */
    public int keys() {
        return keyValueHeads * dHead;
    }
}
