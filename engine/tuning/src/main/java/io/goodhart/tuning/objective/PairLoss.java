package io.goodhart.tuning.objective;

import java.util.Optional;

/**
 * What a training on pairs minimises: L = w·L_pref + α·L_NLL + γ·KL. L_NLL = −Σ log π_θ(y_w|x) / Σ|y_w|, nats per token of the
 * chosen completions of a micro-batch, holds their likelihood up (Pang et al. 2024, arXiv:2404.19733, eq. 1, whose mean is per
 * sequence; the mean over tokens is that of TRL's loss type {@code sft}).
 *
 * @param preference L_pref
 * @param weight w &gt; 0
 * @param nllWeight α ≥ 0
 * @param kl the KL term, if any
 */
public record PairLoss(PreferenceObjective preference, double weight, double nllWeight, Optional<KlAnchor> kl) {
    public PairLoss {
        if (!(weight > 0 && weight < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("Need a finite weight > 0, got " + weight);
        }
        if (!(nllWeight >= 0 && nllWeight < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("Need a finite nllWeight >= 0, got " + nllWeight);
        }
    }

    /** A preference loss alone. */
    public static PairLoss of(PreferenceObjective preference) {
        return new PairLoss(preference, 1, 0, Optional.empty());
    }

    /** The same with a KL term. */
    public PairLoss with(KlAnchor anchor) {
        return new PairLoss(preference, weight, nllWeight, Optional.of(anchor));
    }
}
