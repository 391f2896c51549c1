package io.goodhart.tensor;

/**
 * Constants of AdamW. Loshchilov and Hutter 2019, arXiv:1711.05101, algorithm 2 with the schedule in the learning rate.
 *
 * @param beta1 decay of the mean of gradients
 * @param beta2 decay of the mean of squared gradients
 * @param epsilon added to the root, outside the bias correction
 * @param weightDecay decoupled decay λ: p ← p − lr·λ·p
 */
public record AdamWSettings(double beta1, double beta2, double epsilon, double weightDecay) {
    public AdamWSettings {
        if (!(beta1 >= 0 && beta1 < 1) || !(beta2 >= 0 && beta2 < 1) || !(epsilon > 0) || !(weightDecay >= 0)) {
            throw new IllegalArgumentException(
                    "Need betas in [0, 1), epsilon > 0 and weight decay >= 0, got %s, %s, %s and %s"
                            .formatted(beta1, beta2, epsilon, weightDecay));
        }
    }

    /** β₁ = 0.9, β₂ = 0.999, ε = 1e-8, no decay. */
    public static AdamWSettings standard() {
        return new AdamWSettings(0.9, 0.999, 1e-8, 0);
    }

    public AdamWSettings withWeightDecay(double decay) {
        return new AdamWSettings(beta1, beta2, epsilon, decay);
    }
}
