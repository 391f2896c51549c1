package io.goodhart.probing;

import io.goodhart.domain.spec.ProbeSpec;

/**
 * What a fit finds: p(y = 1 | x) = σ(w·z + b), z = (x − μ)/σ. Wehner and Fritz 2025, arXiv:2510.21531, section 3.
 *
 * @param kind how it was fitted
 * @param standardiser μ and σ of the training examples
 * @param weight w, on standardised features; not zero
 * @param bias b, log-odds at z = 0
 */
public record FittedProbe(ProbeSpec.Kind kind, Standardiser standardiser, DenseVector weight, double bias) {
    public FittedProbe {
        if (weight.size() != standardiser.d()) {
            throw new IllegalArgumentException("Sizes differ: " + weight.size() + " and " + standardiser.d());
        }
        if (weight.norm() == 0 || !Double.isFinite(bias)) {
            throw new IllegalArgumentException("A probe needs a non-zero weight and a finite bias");
        }
    }

    /** Number of features. */
    public int d() {
        return weight.size();
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

    /** Log-odds [N] of rows [N,D]. */
    public double[] logits(Activations rows) {
        if (rows.d() != d()) {
            throw new IllegalArgumentException("The probe reads " + d() + " features, the rows have " + rows.d());
        }
        double[] w = foldedWeight().toArray();
        double b = foldedBias();
        float[] x = rows.valuesND();
        double[] logits = new double[rows.n()];
        for (int i = 0; i < logits.length; i++) {
            double sum = 0;
            for (int j = 0; j < w.length; j++) {
                sum += w[j] * x[i * w.length + j];
            }
            logits[i] = sum + b;
        }
        return logits;
    }

    /** Probabilities [N] of rows [N,D]. */
    public double[] probabilities(Activations rows) {
        double[] values = logits(rows);
        for (int i = 0; i < values.length; i++) {
            values[i] = sigmoid(values[i]);
        }
        return values;
    }

    /** The same weights with the standardiser of other examples: what is left of a probe when features only shift and scale. */
    public FittedProbe reStandardised(Standardiser other) {
        return new FittedProbe(kind, other, weight, bias);
    }

    /** 1/(1 + e^(−z)) without overflow. */
    public static double sigmoid(double z) {
        if (z >= 0) {
            return 1 / (1 + Math.exp(-z));
        }
        double e = Math.exp(z);
        return e / (1 + e);
    }
}
