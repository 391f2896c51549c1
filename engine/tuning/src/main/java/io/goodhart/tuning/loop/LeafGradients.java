package io.goodhart.tuning.loop;

import io.goodhart.tensor.Tensor;
import io.goodhart.tensor.Tensors;
import org.jspecify.annotations.Nullable;

/** Numbers on their way between losses, which are computed in float64, and graphs in float32. */
final class LeafGradients {
    private LeafGradients() {}

    /** Gradients as a float32 tensor. */
    static Tensor upstream(double[] gradients) {
        float[] floats = new float[gradients.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) gradients[i];
        }
        return Tensors.of(floats, floats.length);
    }

    /** The gradient of a leaf; zeros if the loss does not depend on it. */
    static double[] of(Tensor leaf) {
        @Nullable Tensor gradient = leaf.gradient();
        return gradient == null ? new double[Math.toIntExact(leaf.elements())] : gradient.toDoubles();
    }
}
