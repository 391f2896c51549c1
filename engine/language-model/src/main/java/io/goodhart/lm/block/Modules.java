package io.goodhart.lm.block;

import io.goodhart.lm.adapter.AdapterSlot;
import io.goodhart.lm.weights.Weights;
import io.goodhart.modelfiles.config.LinearLayout;
import io.goodhart.modelfiles.config.NormLayout;
import org.jspecify.annotations.Nullable;

/**
 * Puts modules together from what a configuration says of them.
 *
 * @param weights where their tensors are
 * @param adapters what may add to linear modules
 */
public record Modules(Weights weights, AdapterSlot adapters) {
    /** A linear module. */
    public Linear linear(LinearLayout layout) {
        return new Linear(
                layout, weights.get(layout.name() + ".weight"), weights.find(layout.name() + ".bias"), adapters);
    }

    /** A norm. */
    public Norm norm(NormLayout layout) {
        return switch (layout.kind()) {
            case LAYER ->
                new Norm.Layer(
                        weights.get(layout.name() + ".weight"), weights.get(layout.name() + ".bias"), layout.epsilon());
            case ROOT_MEAN_SQUARE -> new Norm.RootMeanSquare(weights.get(layout.name() + ".weight"), layout.epsilon());
            case SHIFTED_ROOT_MEAN_SQUARE ->
                new Norm.ShiftedRootMeanSquare(weights.get(layout.name() + ".weight"), layout.epsilon());
        };
    }

    /** A norm that need not be there. */
    public @Nullable Norm normIfAny(@Nullable NormLayout layout) {
        return layout == null ? null : norm(layout);
    }
}
