package io.goodhart.probing.fit;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;
import io.goodhart.domain.spec.ProbeSpec.ClassWeights;
import io.goodhart.probing.Activations;
import io.goodhart.probing.DenseVector;
import io.goodhart.probing.LabelledActivations;
import io.goodhart.probing.LinearFit;
import io.goodhart.probing.Standardiser;
import io.goodhart.probing.SubspaceFit;
import java.util.ArrayList;
import java.util.List;

/**
 * The subspace in which a linear classifier finds the label: iterative null-space projection, Ravfogel et al. 2020,
 * arXiv:2004.07667, algorithm 1. Direction i is that of a logistic regression on what is left after the projection onto the
 * directions before it is taken away; a last logistic regression reads the k coordinates.
 *
 * @param directions k, at most the number of features
 */
record NullSpaceProjection(int directions, double c, ClassWeights weights) {
    /** A direction with less than this left of it is one of those before. */
    private static final double NEW = 1e-6;

    SubspaceFit fit(LabelledActivations examples) {
        examples.requireFittable("training");
        Standardiser standardiser = Standardiser.of(examples.activations());
        if (directions > standardiser.d()) {
            throw new InvalidInputException(new Problem(
                    "too_many_directions",
                    "probes.directions",
                    "%d features have no %d orthogonal directions".formatted(standardiser.d(), directions)));
        }
        float[] leftND = standardised(examples.activations(), standardiser);
        boolean[] labels = examples.labels();
        LogisticRegression regression = new LogisticRegression(c, weights);
        List<DenseVector> basis = new ArrayList<>();
        float[] coordinatesNK = new float[labels.length * directions];
        for (int k = 0; k < directions; k++) {
            Activations left = Activations.of(leftND, labels.length, standardiser.d());
            LinearFit found = regression.fit(LabelledActivations.of(left, labels));
            DenseVector direction = orthogonal(found.foldedWeight(), basis);
            basis.add(direction);
            double[] coordinates = left.times(direction);
            for (int i = 0; i < labels.length; i++) {
                coordinatesNK[i * directions + k] = (float) coordinates[i];
            }
            leftND = without(left, direction, coordinates);
        }
        LinearFit readout = regression.fit(
                LabelledActivations.of(Activations.of(coordinatesNK, labels.length, directions), labels));
        return new SubspaceFit(standardiser, basis, readout.foldedWeight(), readout.foldedBias());
    }

    private static float[] standardised(Activations x, Standardiser standardiser) {
        float[] z = new float[x.valuesND().length];
        for (int i = 0; i < z.length; i++) {
            int j = i % x.d();
            z[i] = (float) ((x.valuesND()[i] - standardiser.mean().get(j))
                    / standardiser.scale().get(j));
        }
        return z;
    }

    /** The unit vector of what is orthogonal to the basis; twice, because once leaves rounding. */
    private static DenseVector orthogonal(DenseVector weight, List<DenseVector> basis) {
        DenseVector left = weight.scaled(1 / weight.norm());
        for (int pass = 0; pass < 2; pass++) {
            for (DenseVector direction : basis) {
                left = left.minus(direction.scaled(left.dot(direction)));
            }
        }
        if (left.norm() < NEW) {
            throw new InvalidInputException(new Problem(
                    "too_many_directions",
                    "probes.directions",
                    "After %d directions nothing is left that tells the classes apart".formatted(basis.size())));
        }
        return left.scaled(1 / left.norm());
    }

    private static float[] without(Activations z, DenseVector direction, double[] coordinates) {
        float[] left = z.valuesND().clone();
        double[] e = direction.toArray();
        for (int i = 0; i < left.length; i++) {
            left[i] = (float) (left[i] - coordinates[i / e.length] * e[i % e.length]);
        }
        return left;
    }
}
