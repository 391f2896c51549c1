package io.goodhart.tuning.objective;

import io.goodhart.tensor.DataType;
import io.goodhart.tensor.Tensor;
import io.goodhart.tensor.Tensors;
import java.util.List;

/**
 * Fine-tuning against probes: L = L_LM + λ · mean over sequences of value(z), z = w·((h̄ − μ)/σ) + b (Wehner and Fritz 2025,
 * arXiv:2510.21531, section 3). h̄ is the policy's own residual stream behind one block, averaged over all tokens of a
 * sequence; the gradient goes through the probe into the weights below that block.
 *
 * @param language the language-model part L_LM
 * @param lambda λ ≥ 0
 * @param output what of the probe is added to the loss
 * @param aggregation how several probes become one value
 * @param probes the training probes, at least one, of one width
 */
public record ProbeSftObjective(
        SftObjective language, double lambda, Output output, ProbeAggregation aggregation, List<FrozenProbe> probes) {
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
