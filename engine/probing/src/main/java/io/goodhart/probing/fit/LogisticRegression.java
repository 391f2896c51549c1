package io.goodhart.probing.fit;

import io.goodhart.domain.spec.ProbeSpec;
import io.goodhart.domain.spec.ProbeSpec.ClassWeights;
import io.goodhart.probing.DenseVector;
import io.goodhart.probing.LabelledActivations;
import io.goodhart.probing.LinearFit;
import io.goodhart.probing.Standardiser;
import java.util.Arrays;

/**
 * L2-penalised logistic regression on standardised activations: the optimum of ½ w·w + C Σᵢ sᵢ ln(1 + exp(−(2yᵢ−1)(w·zᵢ + b))), the one
 * that scikit-learn's {@code make_pipeline(StandardScaler(), LogisticRegression(C))} looks for. Wehner and Fritz 2025,
 * arXiv:2510.21531, section 3 (which does not state C; 1 is scikit-learn's default).
 *
 * <p>The function is strongly convex in w with modulus 1, so ‖∇f‖ bounds the distance of w from the optimum. In b its curvature at the
 * optimum is near h = C p(1−p) Σᵢ sᵢ, p the weighted share of positives, which is tiny for a tiny C. So the search runs in (w, √h·b) if
 * h is below 1, and stops when the norm of that gradient is √h times {@value #TOLERANCE}: then w and b are both that near.
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
        return new LogisticRegression(1, ClassWeights.NONE);
    }

    /**
     * The probe with μ and σ of these examples.
     *
     * @throws io.goodhart.domain.InvalidInputException if nothing can be fitted to the examples
     */
    public LinearFit fit(LabelledActivations examples) {
        examples.requireFittable("training");
        Standardiser standardiser = Standardiser.of(examples.activations());
        LogisticObjective.Penalty penalty =
                LogisticObjective.Penalty.of(c, weights, examples.positives(), examples.negatives());
        double root = Math.min(1, Math.sqrt(biasCurvature(examples, penalty)));
        int d = standardiser.d();
        double[] x = minimise(new FusedLogisticObjective(examples, standardiser, penalty), d, root)
                .x()
                .toArray();
        DenseVector weight = DenseVector.of(Arrays.copyOf(x, d));
        return new LinearFit(ProbeSpec.Kind.LOGISTIC, standardiser, weight, x[d] / root);
    }

    /** C p(1−p) Σᵢ sᵢ: ∂²f/∂b² where every example has the weighted share of positives p as its probability. */
    private static double biasCurvature(LabelledActivations examples, LogisticObjective.Penalty penalty) {
        double positive = penalty.ofPositive() * examples.positives();
        double negative = penalty.ofNegative() * examples.negatives();
        return positive * negative / (positive + negative);
    }

    /** The optimum (w, b) from zero, searched in (w, root·b). */
    static TruncatedNewton.Minimum minimise(TruncatedNewton.Objective objective, int d, double root) {
        TruncatedNewton.Minimum minimum = new TruncatedNewton(TOLERANCE * root, MAX_ITERATIONS)
                .minimise(new ScaledBias(objective, d, root), new double[d + 1]);
        if (!(minimum.gradientNorm() <= LARGEST_ERROR * root)) {
            throw new IllegalStateException("No optimum after " + minimum.iterations() + " iterations: gradient norm "
                    + minimum.gradientNorm());
        }
        return minimum;
    }

    /** The objective as a function of (w, root·b). */
    private record ScaledBias(TruncatedNewton.Objective objective, int d, double root)
            implements TruncatedNewton.Objective {
        @Override
        public double evaluate(double[] x, double[] gradient) {
            double value = objective.evaluate(scaled(x), gradient);
            gradient[d] /= root;
            return value;
        }

        @Override
        public void multiply(double[] v, double[] product) {
            objective.multiply(scaled(v), product);
            product[d] /= root;
        }

        private double[] scaled(double[] x) {
            double[] inner = x.clone();
            inner[d] /= root;
            return inner;
        }
    }
}
