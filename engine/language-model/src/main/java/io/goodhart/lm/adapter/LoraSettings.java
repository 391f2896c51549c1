package io.goodhart.lm.adapter;

import java.util.List;

/**
 * Shape of a low-rank adapter. Hu et al. 2021, arXiv:2106.09685; rank-stabilised: Kalajdzievski 2023, arXiv:2312.03732.
 *
 * @param rank R
 * @param alpha α
 * @param rankStabilised whether the scale is α/√R instead of α/R
 * @param targetModules ends of module names, such as {@code q_proj}, or the one word {@code all-linear}
 */
public record LoraSettings(int rank, double alpha, boolean rankStabilised, List<String> targetModules) {
    /** Stands for every linear module but the head. */
    public static final String ALL_LINEAR = "all-linear";

    public LoraSettings {
        targetModules = List.copyOf(targetModules);
        if (rank < 1 || !(alpha > 0) || targetModules.isEmpty()) {
            throw new IllegalArgumentException("Need rank >= 1, alpha > 0 and target modules, got %d, %s and %s"
                    .formatted(rank, alpha, targetModules));
        }
    }

    /** Adapters on every linear module, with scale α/R. */
    public static LoraSettings allLinear(int rank, double alpha) {
        return new LoraSettings(rank, alpha, false, List.of(ALL_LINEAR));
    }

    /** What the product B·A is multiplied by. */
    public double scale() {
        return rankStabilised ? alpha / Math.sqrt(rank) : alpha / rank;
    }
}
