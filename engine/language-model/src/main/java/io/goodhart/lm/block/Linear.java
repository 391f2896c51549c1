package io.goodhart.lm.block;

import io.goodhart.lm.adapter.AdapterSlot;
import io.goodhart.lm.adapter.LoraPair;
import io.goodhart.lm.weights.Weights;
import io.goodhart.modelfiles.weights.ExpectedTensor;
import io.goodhart.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** y = x·Wᵀ + b, plus what an adapter adds. */
public final class Linear {
    private final String module;
    private final Tensor weight;
    private final @Nullable Tensor bias;
    private final boolean transposed;
    private final AdapterSlot adapters;

    private Linear(String module, Tensor weight, @Nullable Tensor bias, boolean transposed, AdapterSlot adapters) {
        this.module = module;
        this.weight = weight;
        this.bias = bias;
        this.transposed = transposed;
        this.adapters = adapters;
    }

    /** A module whose weight is stored [out,in]. */
    public static Linear of(Weights weights, String module, AdapterSlot adapters) {
        return new Linear(module, weights.get(module + ".weight"), weights.find(module + ".bias"), false, adapters);
    }

    /** A module whose weight is stored [in,out]: {@link ExpectedTensor.Kind#TRANSPOSED_LINEAR}. */
    public static Linear transposed(Weights weights, String module, AdapterSlot adapters) {
        return new Linear(module, weights.get(module + ".weight"), weights.find(module + ".bias"), true, adapters);
    }

    /** The output for an input [...,in]. */
    public Tensor apply(Tensor x) {
        Tensor weightOI = transposed ? weight.transpose(0, 1) : weight;
        LoraPair pair = adapters.pair(module);
        if (pair != null) {
            return pair.apply(x, weightOI, bias);
        }
        return bias == null ? x.linear(weightOI) : x.linear(weightOI, bias);
    }
}
