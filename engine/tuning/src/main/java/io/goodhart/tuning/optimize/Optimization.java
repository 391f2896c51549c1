package io.goodhart.tuning.optimize;

import io.goodhart.tensor.GradientClipping;

/**
 * How gradients become updates.
 *
 * @param optimizer the rule
 * @param learningRate base rate, ≥ 0
 * @param schedule factor of the base rate for each update
 * @param maxGradNorm the gradient's global 2-norm is limited to this, &gt; 0; infinite for no limit
 */
public record Optimization(OptimizerRule optimizer, double learningRate, Schedule schedule, double maxGradNorm) {
    public Optimization {
        if (!(learningRate >= 0 && learningRate < Double.POSITIVE_INFINITY) || !(maxGradNorm > 0)) {
            throw new IllegalArgumentException("Need a finite learning rate >= 0 and a maximal norm > 0, got %s and %s"
                    .formatted(learningRate, maxGradNorm));
        }
    }

    /** Limits the gradient's norm. */
    public GradientClipping clipping() {
        return new GradientClipping(maxGradNorm);
    }

    /** The rate of update k, counted from 0. */
    public double learningRateOf(int update) {
        return learningRate * schedule.factor(update);
    }
}
