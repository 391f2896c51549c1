package io.goodhart.domain.spec;

import java.util.List;

/**
 * The loss on preference pairs with nothing left open: {@code weight}·L_type + {@code nllWeight}·L_NLL.
 *
 * @param type the preference loss; not {@link LossType#SFT}
 * @param weight its weight, > 0
 * @param nllWeight weight of the chosen completions' negative log-likelihood, nats per token; 0 without it
 * @param beta strength of the reference, > 0
 * @param labelSmoothing ε in [0, 0.5): of {@code sigmoid} conservative DPO's, of {@code robust} the probability of a flipped label; 0
 *     with the other losses
 */
public record PairLossSettings(LossType type, double weight, double nllWeight, double beta, double labelSmoothing) {
    /** Fills what a specification leaves open. */
    public static PairLossSettings of(TrainingSpec spec) {
        List<LossType> types = Require.orElse(spec.lossType(), List.of(LossType.SIGMOID));
        int preference = types.getFirst() == LossType.SFT ? types.size() - 1 : 0;
        return new PairLossSettings(
                types.get(preference),
                weight(spec, preference),
                types.contains(LossType.SFT) ? weight(spec, types.indexOf(LossType.SFT)) : 0,
                Require.orElse(spec.beta(), 0.1),
                Require.orElse(spec.labelSmoothing(), 0.0));
    }

    private static double weight(TrainingSpec spec, int index) {
        List<Double> weights = spec.lossWeights();
        return weights == null ? 1 : weights.get(index);
    }
}
