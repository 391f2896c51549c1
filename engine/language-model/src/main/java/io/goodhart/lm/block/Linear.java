package io.goodhart.lm.block;

import io.goodhart.lm.adapter.AdapterSlot;
import io.goodhart.lm.adapter.LoraPair;
import io.goodhart.modelfiles.config.LinearLayout;
import io.goodhart.tensor.Kernels;
import io.goodhart.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** y = x·Wᵀ + b, plus what an adapter adds. */
public final class Linear {
    private final LinearLayout layout;
    private final Tensor weight;
    private final @Nullable Tensor bias;
    private final AdapterSlot adapters;

    Linear(LinearLayout layout, Tensor weight, @Nullable Tensor bias, AdapterSlot adapters) {
        this.layout = layout;
        this.weight = weight;
        this.bias = bias;
        this.adapters = adapters;
    }

    /** The output for an input [...,in]. */
    public Tensor apply(Tensor x) {
        Tensor weightOI = layout.storage() == LinearLayout.Storage.IN_OUT ? weight.transpose(0, 1) : weight;
        LoraPair pair = adapters.pair(layout.name());
        if (pair != null) {
            return pair.apply(x, weightOI, bias);
        }
        return Kernels.best().linear(x, weightOI, bias);
    }
}
