package io.goodhart.tensor;

/**
 * How to draw a token from logits, in this order: temperature, top-k, top-p.
 *
 * @param temperature divides the logits, above 0
 * @param topK tokens kept, 0 for all
 * @param topP probability kept, in (0, 1]
 */
public record Sampling(double temperature, int topK, double topP) {
    public Sampling {
        if (!(temperature > 0) || topK < 0 || !(topP > 0 && topP <= 1)) {
            throw new IllegalArgumentException("Need temperature > 0, topK >= 0 and 0 < topP <= 1, got %s, %s and %s"
                    .formatted(temperature, topK, topP));
        }
    }

    /** The model's own distribution. */
    public static Sampling plain() {
        return new Sampling(1, 0, 1);
    }

    /** Whether every token keeps its probability. */
    boolean isWhole() {
        return topK == 0 && topP == 1;
    }

    /** Tokens that top-k leaves of a vocabulary. */
    long kept(long vocabulary) {
        return topK == 0 ? vocabulary : Math.min(topK, vocabulary);
    }
}
