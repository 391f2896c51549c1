package io.goodhart.tuning.optimize;

import io.goodhart.tensor.AdamWSettings;

/** The optimisers to choose from. Constants are those of PyTorch. */
public sealed interface OptimizerRule {
    /**
     * AdamW with decoupled decay of matrices; vectors (biases, norm weights) do not decay. Loshchilov and Hutter 2019,
     * arXiv:1711.05101.
     */
    record AdamW(double beta1, double beta2, double epsilon, double weightDecay) implements OptimizerRule {
        public AdamW {
            AdamWSettings _ = new AdamWSettings(beta1, beta2, epsilon, weightDecay); // refuses what makes no sense
        }

        /** PyTorch's betas and ε, without decay. */
        public static AdamW standard() {
            return new AdamW(0.9, 0.999, 1e-8, 0);
        }
    }

    /**
     * RMSprop without momentum: g ← g + λ·p for matrices, v ← α·v + (1−α)·g², p ← p − lr·g/(√v + ε).
     *
     * @param alpha decay of the mean of squares
     * @param weightDecay λ, not decoupled
     */
    record RmsProp(double alpha, double epsilon, double weightDecay) implements OptimizerRule {
        public RmsProp {
            if (!(alpha >= 0 && alpha < 1) || !(epsilon > 0) || !(weightDecay >= 0)) {
                throw new IllegalArgumentException(
                        "Need alpha in [0, 1), epsilon > 0 and weight decay >= 0, got %s, %s and %s"
                                .formatted(alpha, epsilon, weightDecay));
            }
        }

        /** PyTorch's α and ε, without decay. */
        public static RmsProp standard() {
            return new RmsProp(0.99, 1e-8, 0);
        }
    }
}
