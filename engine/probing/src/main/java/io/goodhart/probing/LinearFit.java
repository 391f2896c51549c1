package io.goodhart.probing;

import io.goodhart.domain.spec.ProbeSpec;
import java.util.Optional;

/**
 * p(y = 1 | x) = σ(w·z + b), z = (x − μ)/σ. Wehner and Fritz 2025, arXiv:2510.21531, section 3.
 *
 * @param kind how it was fitted: {@code logistic}, {@code mean_difference} or {@code max_pooled}
 * @param standardiser μ and σ of the training examples
 * @param weight w, on standardised features; not zero
 * @param bias b, log-odds at z = 0
 */
public record LinearFit(ProbeSpec.Kind kind, Standardiser standardiser, DenseVector weight, double bias)
        implements RowProbe {
    public LinearFit {
        if (weight.size() != standardiser.d()) {
            throw new IllegalArgumentException("Sizes differ: " + weight.size() + " and " + standardiser.d());
        }
        if (weight.norm() == 0 || !Double.isFinite(bias)) {
            throw new IllegalArgumentException("A probe needs a non-zero weight and a finite bias");
        }
    }

    /** w′ = w/σ, on features in the activation's own units: what training against the probe and steering use. */
    public DenseVector foldedWeight() {
        return weight.dividedBy(standardiser.scale());
    }

    /** b′ = b − w·(μ/σ). */
    public double foldedBias() {
        return bias - weight.dot(standardiser.mean().dividedBy(standardiser.scale()));
    }

    /** w′/‖w′‖: the direction in activation space. */
    public DenseVector direction() {
        DenseVector folded = foldedWeight();
        return folded.scaled(1 / folded.norm());
    }

    /** Log-odds w′·x + b′ of one activation. */
    public double logit(DenseVector activation) {
        return foldedWeight().dot(activation) + foldedBias();
    }

    @Override
    public double[] logits(Activations rows) {
        requireWidth(rows);
        double[] logits = rows.times(foldedWeight());
        double b = foldedBias();
        for (int i = 0; i < logits.length; i++) {
            logits[i] += b;
        }
        return logits;
    }

    @Override
    public LinearFit reStandardised(Standardiser other) {
        return new LinearFit(kind, other, weight, bias);
    }

    @Override
    public Optional<LinearFit> linear() {
        return Optional.of(this);
    }
}
