package io.goodhart.tuning.objective;

import java.util.Arrays;
import java.util.Objects;

/**
 * A fitted linear probe as a training signal: z = w·((h̄ − μ)/σ) + b, log-odds of the property. Its parameters do not
 * change.
 */
public final class FrozenProbe {
    private final float[] mean;
    private final float[] deviation;
    private final float[] weight;
    private final float bias;

    /**
     * @param mean μ [D], the standardiser's mean of each feature
     * @param deviation σ [D], its standard deviation, positive
     * @param weight w [D], on standardised features
     * @param bias b
     */
    public FrozenProbe(float[] mean, float[] deviation, float[] weight, float bias) {
        if (weight.length == 0 || mean.length != weight.length || deviation.length != weight.length) {
            throw new IllegalArgumentException("Need mean, deviation and weight of one length, got %d, %d and %d"
                    .formatted(mean.length, deviation.length, weight.length));
        }
        for (int i = 0; i < weight.length; i++) {
            if (!(deviation[i] > 0) || !Float.isFinite(deviation[i] + mean[i] + weight[i])) {
                throw new IllegalArgumentException(
                        "Need a finite probe with positive deviations, got mean %s, deviation %s, weight %s at %d"
                                .formatted(mean[i], deviation[i], weight[i], i));
            }
        }
        if (!Float.isFinite(bias)) {
            throw new IllegalArgumentException("Need a finite bias, got " + bias);
        }
        this.mean = mean.clone();
        this.deviation = deviation.clone();
        this.weight = weight.clone();
        this.bias = bias;
    }

    /** A probe whose standardiser is folded into it: z = w·h̄ + b. */
    public static FrozenProbe folded(float[] weight, float bias) {
        float[] ones = new float[weight.length];
        Arrays.fill(ones, 1);
        return new FrozenProbe(new float[weight.length], ones, weight, bias);
    }

    /** D, the width of the activation that is read. */
    public int width() {
        return weight.length;
    }

    float meanAt(int i) {
        return mean[i];
    }

    /** w/σ, so that z = (w/σ)·(h̄ − μ) + b. */
    float slopeAt(int i) {
        return weight[i] / deviation[i];
    }

    float bias() {
        return bias;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FrozenProbe that
                && Arrays.equals(mean, that.mean)
                && Arrays.equals(deviation, that.deviation)
                && Arrays.equals(weight, that.weight)
                && bias == that.bias;
    }

    @Override
    public int hashCode() {
        return Objects.hash(
                Arrays.hashCode(mean), Arrays.hashCode(deviation), Arrays.hashCode(weight), Float.hashCode(bias));
    }

    @Override
    public String toString() {
        return "FrozenProbe[width=%d, hash=%08x]".formatted(weight.length, hashCode());
    }
}
