package io.goodhart.modelfiles.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A text classifier, part by part: an encoder whose tokens see one another, and a head on its first token.
 *
 * @param blocks L of them
 * @param dense first layer of the head
 * @param denseActivation what follows it
 * @param out last layer of the head, one output per label
 * @param labels names, in the order of the head's outputs
 * @param multiLabel whether each label has a probability of its own (sigmoid) instead of one among all (softmax)
 */
public record ClassifierConfig(
        String family,
        Sizes sizes,
        Embedding embedding,
        List<EncoderLayout> blocks,
        LinearLayout dense,
        Activation denseActivation,
        LinearLayout out,
        List<String> labels,
        boolean multiLabel,
        SpecialTokens specialTokens,
        OldNames oldNames)
        implements ModelConfig {
    public ClassifierConfig {
        blocks = List.copyOf(blocks);
        labels = List.copyOf(labels);
    }

    /** How tokens are numbered. */
    public enum Counting {
        /** 0, 1, 2, … */
        FROM_ZERO,
        /** From the padding id + 1; a token that is the padding token is not counted and has the padding id. */
        BEHIND_PADDING_ID
    }

    /**
     * What becomes of token ids.
     *
     * @param words name of the token embedding [V,D]
     * @param positions name of the position embedding
     * @param positionRows its rows
     * @param counting which row a token has
     * @param types name of the embedding of a token's text (first or second of a pair); null: none
     * @param typeRows its rows
     * @param norm on the sum
     */
    public record Embedding(
            String words,
            String positions,
            int positionRows,
            Counting counting,
            @Nullable String types,
            int typeRows,
            NormLayout norm) {}

    /** Id of the padding token. */
    public int paddingId() {
        return specialTokens.padding().orElse(0);
    }
}
