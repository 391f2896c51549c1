package io.goodhart.lm.block;

import io.goodhart.lm.weights.Weights;
import io.goodhart.tensor.Kernels;
import io.goodhart.tensor.Tensor;

/** A norm over the last axis. */
public sealed interface Norm {
    /** The normalised input. */
    Tensor apply(Tensor x);

    /** (x − mean)/√(var + ε)·w + b. */
    static Norm layer(Weights weights, String module, double epsilon) {
        return new Layer(weights.get(module + ".weight"), weights.get(module + ".bias"), epsilon);
    }

    /** x/√(mean(x²) + ε)·w. */
    static Norm rootMeanSquare(Weights weights, String module, double epsilon) {
        return new RootMeanSquare(weights.get(module + ".weight"), epsilon);
    }

    /** x/√(mean(x²) + ε)·(1 + w): Gemma. */
    static Norm shiftedRootMeanSquare(Weights weights, String module, double epsilon) {
        return new ShiftedRootMeanSquare(weights.get(module + ".weight"), epsilon);
    }

    record Layer(Tensor weight, Tensor bias, double epsilon) implements Norm {
        @Override
        public Tensor apply(Tensor x) {
            return Kernels.best().layerNorm(x, weight, bias, epsilon);
        }
    }

    record RootMeanSquare(Tensor weight, double epsilon) implements Norm {
        @Override
        public Tensor apply(Tensor x) {
            return Kernels.best().rmsNorm(x, weight, epsilon);
        }
    }

    record ShiftedRootMeanSquare(Tensor weight, double epsilon) implements Norm {
        @Override
        public Tensor apply(Tensor x) {
            return Kernels.best().shiftedRmsNorm(x, weight, epsilon);
        }
    }
}
