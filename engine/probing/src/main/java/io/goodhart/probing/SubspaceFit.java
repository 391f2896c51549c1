package io.goodhart.probing;

import io.goodhart.domain.spec.ProbeSpec;
import java.util.List;
import java.util.Optional;

/**
 * A logistic readout of k orthonormal directions: logit = Σᵢ uᵢ (eᵢ·z) + b. As an affine function of z it is the direction
 * w = Σᵢ uᵢ eᵢ.
 *
 * @param basis e₁ … e_k, orthonormal, on standardised features
 * @param readout u
 */
public record SubspaceFit(Standardiser standardiser, List<DenseVector> basis, DenseVector readout, double bias)
        implements RowProbe {
    private static final double ORTHONORMAL = 1e-6;

    public SubspaceFit {
        basis = List.copyOf(basis);
        if (basis.isEmpty() || basis.size() != readout.size()) {
            throw new IllegalArgumentException("Need a weight for each of one or more directions, got %d for %d"
                    .formatted(readout.size(), basis.size()));
        }
        for (int i = 0; i < basis.size(); i++) {
            for (int j = 0; j <= i; j++) {
                double product = basis.get(i).dot(basis.get(j));
                if (!(Math.abs(product - (i == j ? 1 : 0)) <= ORTHONORMAL)) {
                    throw new IllegalArgumentException(
                            "Directions %d and %d are not orthonormal: %s".formatted(j, i, product));
                }
            }
        }
    }

    @Override
    public ProbeSpec.Kind kind() {
        return ProbeSpec.Kind.SUBSPACE;
    }

    /** The readout as one direction. */
    public LinearFit direction() {
        double[] weight = new double[d()];
        for (int i = 0; i < basis.size(); i++) {
            for (int j = 0; j < weight.length; j++) {
                weight[j] += readout.get(i) * basis.get(i).get(j);
            }
        }
        return new LinearFit(kind(), standardiser, DenseVector.of(weight), bias);
    }

    @Override
    public double[] logits(Activations rows) {
        return direction().logits(rows);
    }

    @Override
    public SubspaceFit reStandardised(Standardiser other) {
        return new SubspaceFit(other, basis, readout, bias);
    }

    @Override
    public Optional<LinearFit> linear() {
        return Optional.of(direction());
    }
}
