package io.goodhart.lm.block;

import io.goodhart.domain.model.Site;
import io.goodhart.modelfiles.config.BlockLayout;
import io.goodhart.modelfiles.config.BlockLayout.Residual;
import io.goodhart.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** One block of a transformer, as {@link BlockLayout} says: x + attention, then + MLP, or both at once. */
public record Block(
        Residual residual,
        @Nullable Norm attentionNorm,
        Attention attention,
        @Nullable Norm afterAttention,
        @Nullable Norm mlpNorm,
        Mlp mlp,
        @Nullable Norm afterMlp) {
    /** Puts one together. */
    public static Block of(BlockLayout layout, Attention attention, Modules modules) {
        return new Block(
                layout.residual(),
                modules.normIfAny(layout.attentionNorm()),
                attention,
                modules.normIfAny(layout.afterAttention()),
                modules.normIfAny(layout.mlpNorm()),
                Mlp.of(layout.mlp(), modules),
                modules.normIfAny(layout.afterMlp()));
    }

    /** The residual stream after the block. */
    public Tensor apply(Tensor residualBTD, int layer, Pass pass) {
        Tensor preBTD = pass.at(Site.RESID_PRE, layer, residualBTD);
        Tensor attendedBTD = pass.at(Site.ATTN_OUT, layer, attention.apply(normed(attentionNorm, preBTD), layer, pass));
        Tensor sumBTD = preBTD.plus(normed(afterAttention, attendedBTD));
        Tensor readBTD = switch (residual) {
            case SEQUENTIAL -> pass.at(Site.RESID_MID, layer, sumBTD);
            case PARALLEL -> preBTD;
        };
        Tensor fedBTD = pass.at(Site.MLP_OUT, layer, mlp.apply(normed(mlpNorm, readBTD), layer, pass));
        Tensor baseBTD = residual == Residual.SEQUENTIAL ? readBTD : sumBTD;
        return pass.at(Site.RESID_POST, layer, baseBTD.plus(normed(afterMlp, fedBTD)));
    }

    private static Tensor normed(@Nullable Norm norm, Tensor x) {
        return norm == null ? x : norm.apply(x);
    }
}
