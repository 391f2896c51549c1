package io.goodhart.modelfiles.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A causal language model, part by part: enough to name every tensor and to put the forward pass together.
 *
 * @param blocks L of them
 */
public record DecoderConfig(
        String family,
        Sizes sizes,
        Embedding embedding,
        List<BlockLayout> blocks,
        NormLayout finalNorm,
        Head head,
        SpecialTokens specialTokens,
        OldNames oldNames)
        implements ModelConfig {
    public DecoderConfig {
        blocks = List.copyOf(blocks);
    }

    /**
     * What becomes of token ids.
     *
     * @param tokens name of the token embedding [V,D]
     * @param scale what it is multiplied by
     * @param positions name of learned positions [context,D], which are added; null: none
     */
    public record Embedding(
            String tokens, double scale, @Nullable String positions) {}

    /**
     * The vocabulary projection.
     *
     * @param weight its name [V,D]
     * @param tied whether it is the token embedding instead
     * @param softcap scores z become c·tanh(z/c); 0: they stay
     */
    public record Head(String weight, boolean tied, double softcap) {}

    /** Whether the output projection is the token embedding. */
    public boolean tiedHead() {
        return head.tied();
    }
}
