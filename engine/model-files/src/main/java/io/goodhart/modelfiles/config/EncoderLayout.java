package io.goodhart.modelfiles.config;

/**
 * One block of an encoder: norms stand behind attention and MLP, every projection has a bias.
 *
 * @param attentionNorm on the sum of the attention and its input
 * @param mlpNorm on the sum of the MLP and its input
 */
public record EncoderLayout(
        AttentionLayout.Projection.Separate projection,
        LinearLayout output,
        NormLayout attentionNorm,
        MlpLayout mlp,
        NormLayout mlpNorm) {}
