package io.goodhart.probing;

import io.goodhart.domain.spec.ProbeSpec;
import java.util.List;
import java.util.Optional;

/**
 * One hidden layer of rectified units: logit = Σ_h v_h max(0, w_h·z + c_h) + b. Kramár et al. 2026, arXiv:2601.11516, section 3.
 *
 * @param weights w_h of each hidden unit, on standardised features
 * @param hiddenBias c
 * @param output v
 */
public record MlpFit(
        Standardiser standardiser, List<DenseVector> weights, DenseVector hiddenBias, DenseVector output, double bias)
        implements RowProbe {
    public MlpFit {
        weights = List.copyOf(weights);
        if (weights.isEmpty() || weights.size() != hiddenBias.size() || weights.size() != output.size()) {
            throw new IllegalArgumentException(
                    "Need a bias and an output weight for each hidden unit, got %d and %d for %d"
                            .formatted(hiddenBias.size(), output.size(), weights.size()));
        }
        requireSizes(weights, standardiser.d());
    }

    /** @throws IllegalArgumentException if a vector has another size */
    static void requireSizes(List<DenseVector> vectors, int size) {
        for (DenseVector vector : vectors) {
            if (vector.size() != size) {
                throw new IllegalArgumentException("Sizes differ: " + vector.size() + " and " + size);
            }
        }
    }

    @Override
    public ProbeSpec.Kind kind() {
        return ProbeSpec.Kind.MLP;
    }

    @Override
    public double[] logits(Activations rows) {
        requireWidth(rows);
        double[] logits = new double[rows.n()];
        for (int h = 0; h < weights.size(); h++) {
            DenseVector folded = weights.get(h).dividedBy(standardiser.scale());
            double offset = hiddenBias.get(h) - folded.dot(standardiser.mean());
            double[] units = rows.times(folded);
            for (int i = 0; i < logits.length; i++) {
                logits[i] += output.get(h) * Math.max(0, units[i] + offset);
            }
        }
        for (int i = 0; i < logits.length; i++) {
            logits[i] += bias;
        }
        return logits;
    }

    @Override
    public MlpFit reStandardised(Standardiser other) {
        return new MlpFit(other, weights, hiddenBias, output, bias);
    }

    @Override
    public Optional<LinearFit> linear() {
        return Optional.empty();
    }
}
