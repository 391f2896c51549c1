package io.goodhart.probing.fit;

import io.goodhart.domain.spec.ProbeSpec.ClassWeights;
import io.goodhart.probing.Activations;
import io.goodhart.probing.FittedProbe;
import io.goodhart.probing.LabelledActivations;
import io.goodhart.probing.Standardiser;

/**
 * L2-penalised logistic loss on standardised features, as scikit-learn's:
 * f(w, b) = ½ w·w + C Σᵢ sᵢ·softplus(−mᵢ), mᵢ = (2yᵢ − 1)(w·zᵢ + b), zᵢ = (xᵢ − μ)/σ. The intercept b is not penalised; sᵢ is the class
 * weight. Written as the formula reads; {@link FusedLogisticObjective} is what fits use and is tested against this.
 *
 * <p>Parameters are (w₁ … w_D, b).
 */
final class LogisticObjective implements TruncatedNewton.Objective {
    private final LabelledActivations examples;
    private final Standardiser standardiser;
    private final Penalty penalty;
    private double[] point = new double[0];

    LogisticObjective(LabelledActivations examples, Standardiser standardiser, Penalty penalty) {
        this.examples = examples;
        this.standardiser = standardiser;
        this.penalty = penalty;
    }

    /** C·sᵢ by class. */
    record Penalty(double ofPositive, double ofNegative) {
        static Penalty of(double c, ClassWeights weights, int positives, int negatives) {
            double n = (double) positives + negatives;
            return switch (weights) {
                case NONE -> new Penalty(c, c);
                case BALANCED -> new Penalty(c * n / (2 * positives), c * n / (2 * negatives));
            };
        }

        double of(boolean label) {
            return label ? ofPositive : ofNegative;
        }
    }

    @Override
    public double evaluate(double[] parameters, double[] gradient) {
        Activations x = examples.activations();
        int d = x.d();
        double value = 0;
        for (int j = 0; j < d; j++) {
            value += 0.5 * parameters[j] * parameters[j];
            gradient[j] = parameters[j];
        }
        gradient[d] = 0;
        point = parameters.clone();
        for (int i = 0; i < x.n(); i++) {
            double logit = logit(parameters, x, i);
            boolean y = examples.label(i);
            double weight = penalty.of(y);
            value += weight * softPlus(y ? -logit : logit);
            double residual = weight * (FittedProbe.sigmoid(logit) - (y ? 1 : 0)); // ∂f/∂logit
            for (int j = 0; j < d; j++) {
                gradient[j] += residual * z(x, i, j);
            }
            gradient[d] += residual;
        }
        return value;
    }

    /** ∇²f·v = v₀ + C Σᵢ sᵢ·pᵢ(1 − pᵢ)·(v·(zᵢ,1))·(zᵢ,1), v₀ being v without the intercept's part, pᵢ = σ(w·zᵢ + b). */
    @Override
    public void multiply(double[] v, double[] product) {
        Activations x = examples.activations();
        int d = x.d();
        System.arraycopy(v, 0, product, 0, d);
        product[d] = 0;
        for (int i = 0; i < x.n(); i++) {
            double p = FittedProbe.sigmoid(logit(point, x, i));
            double factor = penalty.of(examples.label(i)) * p * (1 - p) * logit(v, x, i);
            for (int j = 0; j < d; j++) {
                product[j] += factor * z(x, i, j);
            }
            product[d] += factor;
        }
    }

    private double logit(double[] parameters, Activations x, int i) {
        int d = x.d();
        double logit = parameters[d];
        for (int j = 0; j < d; j++) {
            logit += parameters[j] * z(x, i, j);
        }
        return logit;
    }

    private double z(Activations x, int i, int j) {
        return (x.get(i, j) - standardiser.mean().get(j)) / standardiser.scale().get(j);
    }

    /** ln(1 + eᶻ), finite for every finite z. */
    static double softPlus(double z) {
        return Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
    }
}
