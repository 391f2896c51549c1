package io.goodhart.lm.block;

import io.goodhart.tensor.Kernels;
import io.goodhart.tensor.Tensor;

/** A norm over the last axis. */
public sealed interface Norm {
    /** The normalised input. */
    Tensor apply(Tensor x);

    /** w, as long as the axis. */
    Tensor weight();

    /** (x − mean)/√(var + ε)·w + b. */
    record Layer(Tensor weight, Tensor bias, double epsilon) implements Norm {
        @Override
        public Tensor apply(Tensor x) {
            return Kernels.best().layerNorm(x, weight, bias, epsilon);
        }
    }

    /** x/√(mean(x²) + ε)·w. */
    record RootMeanSquare(Tensor weight, double epsilon) implements Norm {
        @Override
        public Tensor apply(Tensor x) {
            return Kernels.best().rmsNorm(x, weight, epsilon);
        }
    }

    /** x/√(mean(x²) + ε)·(1 + w): Gemma. */
    record ShiftedRootMeanSquare(Tensor weight, double epsilon) implements Norm {
        @Override
        public Tensor apply(Tensor x) {
            return Kernels.best().shiftedRmsNorm(x, weight, epsilon);
        }
    }
}
