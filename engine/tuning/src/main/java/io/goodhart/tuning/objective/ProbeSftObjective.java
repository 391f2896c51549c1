package io.goodhart.tuning.objective;

import io.goodhart.tensor.DataType;
import io.goodhart.tensor.Tensor;
import io.goodhart.tensor.Tensors;
import java.util.List;

/**
 * Fine-tuning against probes.
 *
 * <p>{@link Source#POLICY}: L = L_LM + λ · mean over sequences of value(z), z = w·((h̄ − μ)/σ) + b (Wehner and Fritz 2025,
 * arXiv:2510.21531, section 3). h̄ is the policy's own activation at one point, pooled over all tokens of a sequence; the paper
 * takes the mean of the residual stream behind one block. The gradient goes through the probe into the weights below that point.
 *
 * <p>{@link Source#REFERENCE}, beyond the paper: p(x) = value(z) of the activations of the model before tuning. It does not depend
 * on θ, so it can only say which texts shall be likely. The gradient of the expected score of the policy's texts is
 * ∇E_{x∼π}[p(x)] = E[p(x)·∇log π(x)]; with the training texts in place of the policy's own, L = L_LM + λ·Σ_x p(x)·log π(x)/N =
 * −Σ_x (1 − λ·p(x))·log π(x)/N: a text's likelihood weighs less the surer the probe is. A negative weight would push
 * log π(x) to −∞ without end, so the value must be a probability and λ ≤ 1. Weights are not normalised: with λ = 1 a text of
 * p = 1 is left out.
 *
 * @param language the language-model part L_LM
 * @param lambda λ ≥ 0; at most 1 with {@link Source#REFERENCE}
 * @param source whose activations the probes read
 * @param output what of the probe is added to the loss
 * @param aggregation how several probes become one value
 * @param probes the training probes, at least one, of one width
 */
public record ProbeSftObjective(
        SftObjective language,
        double lambda,
        Source source,
        Output output,
        ProbeAggregation aggregation,
        List<FrozenProbe> probes) {
    /** Whose activations the probes read. */
    public enum Source {
        /** Those of the model in training. */
        POLICY,
        /** Those of the model before tuning. */
        REFERENCE
    }

    /** What of the probe is added to the loss. */
    public enum Output {
        /** σ(z): what the paper uses. Its gradient vanishes where the probe is sure. */
        PROBABILITY,
        /** z, in log-odds. */
        LOGIT
    }

    public ProbeSftObjective {
        probes = List.copyOf(probes);
        if (!(lambda >= 0 && lambda < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("Need a finite lambda >= 0, got " + lambda);
        }
        if (source == Source.REFERENCE && (lambda > 1 || output != Output.PROBABILITY)) {
            throw new IllegalArgumentException(
                    "With the reference's activations need lambda <= 1 and probabilities, got %s and %s"
                            .formatted(lambda, output));
        }
        if (probes.isEmpty()) {
            throw new IllegalArgumentException("Need at least one probe");
        }
        int width = probes.getFirst().width();
        for (FrozenProbe probe : probes) {
            if (probe.width() != width) {
                throw new IllegalArgumentException("Probes read %d and %d features".formatted(width, probe.width()));
            }
        }
        aggregation.requireIndicesBelow(probes.size());
    }

    /** Weight 1 − λ·p(x) of a text's likelihood, with {@link Source#REFERENCE}. */
    public double likelihoodWeight(double value) {
        return 1 - lambda * value;
    }

    /**
     * Value of each sequence [B] at a step counted from 0.
     *
     * @param activationBD h̄ [B,D]
     */
    public Tensor value(Tensor activationBD, int step) {
        List<FrozenProbe> speaking = aggregation.probesAt(step, probes);
        int p = speaking.size();
        int d = speaking.getFirst().width();
        float[] means = new float[p * d];
        float[] slopes = new float[p * d];
        float[] biases = new float[p];
        for (int k = 0; k < p; k++) {
            FrozenProbe probe = speaking.get(k);
            biases[k] = probe.bias();
            for (int i = 0; i < d; i++) {
                means[k * d + i] = probe.meanAt(i);
                slopes[k * d + i] = probe.slopeAt(i);
            }
        }
        DataType type = activationBD.type();
        Tensor meansPD = Tensors.of(means, p, d).to(type);
        Tensor slopesPD = Tensors.of(slopes, p, d).to(type);
        Tensor centredBPD = activationBD.unsqueeze(1).minus(meansPD); // [B,1,D] − [P,D]
        Tensor logitsBP =
                centredBPD.times(slopesPD).sum(2).plus(Tensors.of(biases, p).to(type));
        Tensor valuesBP = switch (output) {
            case PROBABILITY -> logitsBP.sigmoid();
            case LOGIT -> logitsBP;
        };
        return switch (aggregation) {
            case ProbeAggregation.Minimum _ -> valuesBP.min(1);
            case ProbeAggregation.Maximum _ -> valuesBP.max(1);
            case ProbeAggregation.Average _ -> valuesBP.mean(1);
            case ProbeAggregation.Single _,
                    ProbeAggregation.RandomSwitch _,
                    ProbeAggregation.ListedSwitch _,
                    ProbeAggregation.TimedSwitch _ -> valuesBP.squeeze(1);
        };
    }
}
