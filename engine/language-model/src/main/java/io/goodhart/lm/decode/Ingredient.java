package io.goodhart.lm.decode;

import io.goodhart.lm.weights.Weights;
import io.goodhart.modelfiles.config.LinearLayout;
import io.goodhart.modelfiles.config.NormLayout;
import io.goodhart.tensor.Tensor;
import io.goodhart.tensor.Tensors;
import java.util.List;

/** A tensor that a step reads, and how it comes from the weights of a checkpoint. */
sealed interface Ingredient {
    /** The tensor; it may be a weight itself, a view of one, or a result of the current scope. */
    Tensor from(Weights weights);

    /** Whether it is the matrix of a linear map, [O,I]. */
    default boolean isMatrix() {
        return false;
    }

    /** A weight as it is. */
    record Stored(String name) implements Ingredient {
        @Override
        public Tensor from(Weights weights) {
            return weights.get(name);
        }
    }

    /** The projection to the vocabulary. */
    record Head(String name) implements Ingredient {
        @Override
        public Tensor from(Weights weights) {
            return weights.get(name);
        }

        @Override
        public boolean isMatrix() {
            return true;
        }
    }

    /** Linear modules with one input, their outputs side by side. */
    record Matrix(List<LinearLayout> modules) implements Ingredient {
        @Override
        public Tensor from(Weights weights) {
            return joined(
                    modules.stream().map(module -> weight(module, weights)).toList());
        }

        private static Tensor weight(LinearLayout module, Weights weights) {
            Tensor stored = weights.get(module.name() + ".weight");
            return module.storage() == LinearLayout.Storage.IN_OUT ? stored.transpose(0, 1) : stored;
        }

        @Override
        public boolean isMatrix() {
            return true;
        }
    }

    /** Their biases. */
    record Bias(List<LinearLayout> modules) implements Ingredient {
        @Override
        public Tensor from(Weights weights) {
            return joined(modules.stream()
                    .map(module -> weights.get(module.name() + ".bias"))
                    .toList());
        }
    }

    /** What a norm multiplies by. */
    record NormWeight(NormLayout norm) implements Ingredient {
        @Override
        public Tensor from(Weights weights) {
            Tensor stored = weights.get(norm.name() + ".weight");
            return norm.kind() == NormLayout.Kind.SHIFTED_ROOT_MEAN_SQUARE ? stored.shifted(1) : stored;
        }
    }

    private static Tensor joined(List<Tensor> parts) {
        return parts.size() == 1 ? parts.get(0) : Tensors.concat(0, parts.toArray(Tensor[]::new));
    }
}
