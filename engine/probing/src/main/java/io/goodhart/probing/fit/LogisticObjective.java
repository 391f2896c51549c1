package io.goodhart.probing.fit;

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
final class LogisticObjective implements Lbfgs.Objective {
    private final LabelledActivations examples;
    private final Standardiser standardiser;
    private final Penalty penalty;

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
                case EQUAL -> new Penalty(c, c);
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
        for (int i = 0; i < x.n(); i++) {
            double logit = parameters[d];
            for (int j = 0; j < d; j++) {
                logit += parameters[j] * z(x, i, j);
            }
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

    private double z(Activations x, int i, int j) {
        return (x.get(i, j) - standardiser.mean().get(j)) / standardiser.scale().get(j);
    }

    /** ln(1 + eᶻ), finite for every finite z. */
    static double softPlus(double z) {
        return Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
    }
}
