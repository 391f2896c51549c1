package io.goodhart.tuning.objective;

import io.goodhart.tensor.Autograd;
import io.goodhart.tensor.Scope;
import io.goodhart.tensor.Tensor;
import io.goodhart.tensor.Tensors;
import java.util.Objects;
import java.util.function.Function;

/** Gradients by the graph and by differences, in float64. */
final class Differentiation {
    private static final double STEP = 1e-5;

    private Differentiation() {}

    static double value(double[] x, Function<Tensor, Tensor> function) {
        try (Scope _ = Scope.open()) {
            return function.apply(Tensors.of(x, x.length)).asDouble();
        }
    }

    static double[] byGraph(double[] x, Function<Tensor, Tensor> function) {
        try (Scope _ = Scope.open();
                Autograd.Mode _ = Autograd.recording()) {
            Tensor leaf = Tensors.of(x, x.length).requireGradient();
            Autograd.backward(function.apply(leaf));
            return Objects.requireNonNull(leaf.gradient()).toDoubles();
        }
    }

    static double[] byDifferences(double[] x, Function<Tensor, Tensor> function) {
        double[] gradient = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            double[] up = x.clone();
            double[] down = x.clone();
            up[i] += STEP;
            down[i] -= STEP;
            gradient[i] = (value(up, function) - value(down, function)) / (2 * STEP);
        }
        return gradient;
    }
}
