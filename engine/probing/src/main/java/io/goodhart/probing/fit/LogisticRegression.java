package io.goodhart.probing.fit;

import io.goodhart.domain.spec.ProbeSpec;
import io.goodhart.probing.DenseVector;
import io.goodhart.probing.FittedProbe;
import io.goodhart.probing.LabelledActivations;
import io.goodhart.probing.Standardiser;
import java.util.Arrays;

/**
 * L2-penalised logistic regression on standardised activations: the optimum of ½ w·w + C Σᵢ sᵢ ln(1 + exp(−(2yᵢ−1)(w·zᵢ + b))), the one
 * that scikit-learn's {@code make_pipeline(StandardScaler(), LogisticRegression(C))} looks for. Wehner and Fritz 2025,
 * arXiv:2510.21531, section 3 (which does not state C; 1 is scikit-learn's default).
 *
 * <p>The function is strongly convex in w with modulus 1, so ‖∇f‖ bounds the distance of w from the optimum: the fit stops when that
 * bound is {@value #TOLERANCE}.
 *
 * @param c inverse strength of the penalty, positive
 */
public record LogisticRegression(double c, ClassWeights weights) {
    private static final double TOLERANCE = 2e-6;
    /** Where rounding stops a fit before {@link #TOLERANCE}, this is still accepted: scikit-learn's own accuracy. */
    private static final double LARGEST_ERROR = 1e-4;

    private static final int MAX_ITERATIONS = 200;

    public LogisticRegression {
        if (!(c > 0) || Double.isInfinite(c)) { // so that NaN fails too
            throw new IllegalArgumentException("Need a finite C > 0, got " + c);
        }
    }

    /** C = 1 and equal weights, scikit-learn's defaults. */
    public static LogisticRegression standard() {
        return new LogisticRegression(1, ClassWeights.EQUAL);
    }

    /**
     * The probe with μ and σ of these examples.
     *
     * @throws io.goodhart.domain.InvalidInputException with code {@code one_class} if a class is missing
     */
    public FittedProbe fit(LabelledActivations examples) {
        examples.requireBothClasses("training");
        Standardiser standardiser = Standardiser.of(examples.activations());
        LogisticObjective.Penalty penalty =
                LogisticObjective.Penalty.of(c, weights, examples.positives(), examples.negatives());
        TruncatedNewton.Minimum minimum =
                minimise(new FusedLogisticObjective(examples, standardiser, penalty), standardiser.d());
        double[] parameters = minimum.x().toArray();
        DenseVector weight = DenseVector.of(Arrays.copyOf(parameters, standardiser.d()));
        return new FittedProbe(ProbeSpec.Kind.LOGISTIC, standardiser, weight, parameters[standardiser.d()]);
    }

    /** The optimum from zero. */
    static TruncatedNewton.Minimum minimise(TruncatedNewton.Objective objective, int d) {
        TruncatedNewton.Minimum minimum =
                new TruncatedNewton(TOLERANCE, MAX_ITERATIONS).minimise(objective, new double[d + 1]);
        if (!(minimum.gradientNorm() <= LARGEST_ERROR)) {
            throw new IllegalStateException("No optimum after " + minimum.iterations() + " iterations: gradient norm "
                    + minimum.gradientNorm());
        }
        return minimum;
    }
}
