package io.goodhart.probing.fit;

import io.goodhart.domain.spec.ProbeSpec;
import io.goodhart.probing.Activations;
import io.goodhart.probing.DenseVector;
import io.goodhart.probing.LabelledActivations;
import io.goodhart.probing.LinearFit;
import io.goodhart.probing.Standardiser;

/**
 * Difference of class means: w = m₁ − m₀, b = −w·(m₁ + m₀)/2, so that the logit is zero half way between them. Marks and Tegmark 2023,
 * arXiv:2310.06824, section 5 (mass-mean probing, without the covariance). σ(logit) is a score in [0, 1], not a calibrated probability.
 */
public final class MeanDifference {
    private MeanDifference() {}

    /** The means of the activations as they are. */
    public static LinearFit raw(LabelledActivations examples) {
        return fit(examples, Standardiser.identity(examples.activations().d()));
    }

    /** The means of activations standardised by their own μ and σ. */
    public static LinearFit standardised(LabelledActivations examples) {
        return fit(examples, Standardiser.of(examples.activations()));
    }

    private static LinearFit fit(LabelledActivations examples, Standardiser standardiser) {
        examples.requireFittable("training");
        DenseVector mean1 = meanOf(true, examples, standardiser);
        DenseVector mean0 = meanOf(false, examples, standardiser);
        DenseVector weight = mean1.minus(mean0);
        double bias = -(weight.dot(mean1) + weight.dot(mean0)) / 2;
        return new LinearFit(ProbeSpec.Kind.MEAN_DIFFERENCE, standardiser, weight, bias);
    }

    private static DenseVector meanOf(boolean label, LabelledActivations examples, Standardiser standardiser) {
        Activations x = examples.activations();
        double[] sum = new double[x.d()];
        int count = 0;
        for (int i = 0; i < x.n(); i++) {
            if (examples.label(i) == label) {
                count++;
                for (int j = 0; j < sum.length; j++) {
                    sum[j] += x.get(i, j);
                }
            }
        }
        return DenseVector.of(sum)
                .scaled(1.0 / count)
                .minus(standardiser.mean())
                .dividedBy(standardiser.scale());
    }
}
