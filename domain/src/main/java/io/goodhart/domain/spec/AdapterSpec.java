package io.goodhart.domain.spec;

import java.util.List;

/**
 * Low-rank adaptation (Hu et al. 2021, arXiv:2106.09685), with PEFT's names.
 *
 * @param rank R
 * @param alpha scale: the update is multiplied by alpha / rank, or alpha / √rank with {@code useRslora}
 * @param dropout 0: there is none yet, and any other value is refused
 * @param targetModules names of linear layers, or the single entry {@code all-linear}
 * @param useRslora rank-stabilised scale (Kalajdzievski 2023, arXiv:2312.03732)
 */
public record AdapterSpec(Integer rank, Double alpha, Double dropout, List<String> targetModules, Boolean useRslora) {
    /** The entry of {@link #targetModules} that means every linear layer of every block. */
    public static final String ALL_LINEAR = "all-linear";

    public static final AdapterSpec DEFAULTS = new AdapterSpec(8, 16.0, 0.0, List.of(ALL_LINEAR), false);

    public AdapterSpec {
        rank = Require.orElse(rank, 8);
        alpha = Require.orElse(alpha, 16.0);
        dropout = Require.orElse(dropout, 0.0);
        targetModules = List.copyOf(Require.orElse(targetModules, List.of(ALL_LINEAR)));
        useRslora = Require.orElse(useRslora, false);
    }
}
