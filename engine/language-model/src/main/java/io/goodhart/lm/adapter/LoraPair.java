package io.goodhart.lm.adapter;

import io.goodhart.tensor.Kernels;
import io.goodhart.tensor.LowRank;
import io.goodhart.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The adapter of one linear module: x·Aᵀ·Bᵀ times the scale is added to the module's output.
 *
 * @param downRI A, [R,in]
 * @param upOR B, [out,R]
 * @param scale α/R, or α/√R if rank-stabilised
 */
public record LoraPair(Tensor downRI, Tensor upOR, double scale) {
    /** The output x·Wᵀ + b of the module with what the adapter adds. */
    public Tensor apply(Tensor x, Tensor weightOI, @Nullable Tensor bias) {
        return Kernels.best().adaptedLinear(x, weightOI, bias, new LowRank(downRI, upOR, scale));
    }

    /** scale·B·A, [out,in]: what would have to be added to the weight for the same effect. */
    public Tensor weightDelta() {
        return upOR.matMul(downRI).scaled(scale);
    }
}
