package io.goodhart.probing.collect;

import io.goodhart.domain.model.Pooling;
import io.goodhart.probing.DenseVector;
import java.util.Optional;

/**
 * From token activations [T,D] and a mask [T] to one vector [D]: mean h = (1/Σm)·Σ_t m_t·h_t, the last kept token, or the maximum of
 * each feature over the kept tokens. Wehner and Fritz 2025, arXiv:2510.21531, section 3 (mean over response tokens). Masked tokens have
 * no influence whatever they hold, not even NaN.
 */
public final class TokenPooling {
    private TokenPooling() {}

    /**
     * The pool of the tokens that count.
     *
     * @param activationsTD token after token, T·D values
     * @param keptT true for the tokens that count
     * @return empty if no token counts
     */
    public static Optional<DenseVector> of(Pooling pooling, float[] activationsTD, boolean[] keptT) {
        if (keptT.length == 0) {
            return Optional.empty();
        }
        if (activationsTD.length % keptT.length != 0) {
            throw new IllegalArgumentException(
                    activationsTD.length + " values cannot be rows of " + keptT.length + " tokens");
        }
        int d = activationsTD.length / keptT.length;
        double[] pooled = new double[d];
        int kept = 0;
        for (int t = 0; t < keptT.length; t++) {
            if (keptT[t]) {
                fold(pooling, pooled, activationsTD, t * d, kept);
                kept++;
            }
        }
        if (kept == 0) {
            return Optional.empty();
        }
        DenseVector result = DenseVector.of(pooled);
        return Optional.of(pooling == Pooling.MEAN ? result.scaled(1.0 / kept) : result);
    }

    private static void fold(Pooling pooling, double[] pooled, float[] activationsTD, int offset, int earlier) {
        for (int j = 0; j < pooled.length; j++) {
            double value = activationsTD[offset + j];
            pooled[j] = switch (pooling) {
                case MEAN -> pooled[j] + value;
                case LAST -> value;
                case MAX -> earlier == 0 ? value : Math.max(pooled[j], value);
                case PER_TOKEN -> throw new IllegalArgumentException("Tokens that are kept are not pooled");
            };
        }
    }
}
