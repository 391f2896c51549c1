package io.goodhart.lm.block;

import io.goodhart.domain.model.Site;
import io.goodhart.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * One block of a pre-norm transformer: x + attention, then + MLP.
 *
 * @param attentionNorm before the attention
 * @param afterAttention on the attention's output before it is added; null: none
 * @param mlpNorm before the MLP
 * @param afterMlp on the MLP's output before it is added; null: none
 */
public record Block(
        Norm attentionNorm,
        Attention attention,
        @Nullable Norm afterAttention,
        Norm mlpNorm,
        Mlp mlp,
        @Nullable Norm afterMlp) {
    /** The residual stream after the block. */
    public Tensor apply(Tensor residualBTD, int layer, Pass pass) {
        Tensor preBTD = pass.at(Site.RESID_PRE, layer, residualBTD);
        Tensor attendedBTD = pass.at(Site.ATTN_OUT, layer, attention.apply(attentionNorm.apply(preBTD), layer, pass));
        Tensor midBTD = pass.at(Site.RESID_MID, layer, preBTD.plus(normed(afterAttention, attendedBTD)));
        Tensor fedBTD = pass.at(Site.MLP_OUT, layer, mlp.apply(mlpNorm.apply(midBTD), layer, pass));
        return pass.at(Site.RESID_POST, layer, midBTD.plus(normed(afterMlp, fedBTD)));
    }

    private static Tensor normed(@Nullable Norm norm, Tensor x) {
        return norm == null ? x : norm.apply(x);
    }
}
