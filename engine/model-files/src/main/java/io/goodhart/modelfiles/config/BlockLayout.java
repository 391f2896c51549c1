package io.goodhart.modelfiles.config;

import org.jspecify.annotations.Nullable;

/**
 * One block of a decoder.
 *
 * @param attentionNorm before the attention; null: none
 * @param afterAttention on the attention's output before it is added; null: none
 * @param mlpNorm before the MLP; null: none
 * @param afterMlp on the MLP's output before it is added; null: none
 */
public record BlockLayout(
        Residual residual,
        @Nullable NormLayout attentionNorm,
        AttentionLayout attention,
        @Nullable NormLayout afterAttention,
        @Nullable NormLayout mlpNorm,
        MlpLayout mlp,
        @Nullable NormLayout afterMlp) {
    /** What the MLP reads. */
    public enum Residual {
        /** The residual stream with the attention's output added. */
        SEQUENTIAL,
        /** The same residual stream as the attention; there is no {@code resid_mid}. */
        PARALLEL
    }

    /** Norms before attention and MLP only. */
    public static BlockLayout preNorm(
            NormLayout attentionNorm, AttentionLayout attention, NormLayout mlpNorm, MlpLayout mlp) {
        return new BlockLayout(Residual.SEQUENTIAL, attentionNorm, attention, null, mlpNorm, mlp, null);
    }
}
