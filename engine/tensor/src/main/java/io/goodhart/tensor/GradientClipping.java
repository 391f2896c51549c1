package io.goodhart.tensor;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Scales all gradients together so that their global norm does not exceed a limit: factor min(1, limit / (norm + 1e-6)).
 *
 * @param limit the greatest norm, above 0; infinity only measures
 */
public record GradientClipping(double limit) {
    private static final double GUARD = 1e-6;

    public GradientClipping {
        if (!(limit > 0)) {
            throw new IllegalArgumentException("Need a limit above 0, got " + limit);
        }
    }

    /** Measures without changing anything. */
    public static GradientClipping none() {
        return new GradientClipping(Double.POSITIVE_INFINITY);
    }

    /**
     * Clips the accumulated gradients of the parameters.
     *
     * @return the global norm before clipping; if it is not finite the gradients are left as they are
     */
    public double apply(Collection<Tensor> parameters) {
        return apply(parameters, Kernels.best());
    }

    double apply(Collection<Tensor> parameters, Kernels kernels) {
        try (Scope _ = Scope.open()) {
            List<Tensor> gradients = new ArrayList<>();
            for (Tensor parameter : parameters) {
                Tensor gradient = parameter.gradient();
                if (gradient != null) {
                    gradients.add(gradient);
                }
            }
            double norm = kernels.globalNorm(gradients);
            double factor = limit / (norm + GUARD);
            if (Double.isFinite(norm) && factor < 1) {
                kernels.scaleInPlace(gradients, factor);
            }
            return norm;
        }
    }
}
