package io.goodhart.tensor;

/**
 * What turns hidden states into scores of vocabulary entries: z = h·W_Uᵀ, then c·tanh(z/c) if they are soft-capped. Gemma Team
 * 2024, arXiv:2408.00118, section 2.
 *
 * @param weightVD W_U as stored by Hugging Face, one row per vocabulary entry
 * @param softcap c; 0: scores stay as they are
 */
public record VocabularyHead(Tensor weightVD, double softcap) {
    /** Scores that stay as they are. */
    public static VocabularyHead of(Tensor weightVD) {
        return new VocabularyHead(weightVD, 0);
    }

    /** V. */
    public long size() {
        return weightVD.size(0);
    }

    /** Scores of every vocabulary entry, [...,D] to [...,V]. */
    public Tensor scores(Tensor hidden) {
        Tensor plain = hidden.linear(weightVD);
        return softcap == 0 ? plain : plain.scaled(1 / softcap).tanh().scaled(softcap);
    }

    /** From ∂y/∂scores to ∂y/∂z: ∂(c·tanh(z/c))/∂z = 1 − (score/c)². */
    Tensor beforeCap(Tensor slopes, Tensor scores) {
        return softcap == 0
                ? slopes
                : slopes.times(scores.scaled(1 / softcap).square().negated().shifted(1));
    }
}
