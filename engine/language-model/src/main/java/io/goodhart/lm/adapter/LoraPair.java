package io.goodhart.lm.adapter;

import io.goodhart.tensor.Tensor;

/**
 * The adapter of one linear module: x·Aᵀ·Bᵀ times the scale is added to the module's output.
 *
 * @param downRI A, [R,in]
 * @param upOR B, [out,R]
 * @param scale α/R, or α/√R if rank-stabilised
 */
public record LoraPair(Tensor downRI, Tensor upOR, double scale) {
    /** What is added to the output for this input. */
    public Tensor delta(Tensor x) {
        return x.linear(downRI).scaled(scale).linear(upOR);
    }

    /** scale·B·A, [out,in]: what would have to be added to the weight for the same effect. */
    public Tensor weightDelta() {
        return upOR.matMul(downRI).scaled(scale);
    }
}
