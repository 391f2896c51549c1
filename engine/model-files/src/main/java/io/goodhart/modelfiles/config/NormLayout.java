package io.goodhart.modelfiles.config;

/**
 * A norm over an axis.
 *
 * @param name of the module; its tensors are {@code name.weight} and, for {@link Kind#LAYER}, {@code name.bias}
 * @param size of the axis
 * @param epsilon added to the variance or the mean square
 */
public record NormLayout(String name, int size, Kind kind, double epsilon) {
    /** What it computes. */
    public enum Kind {
        /** (x − mean)/√(var + ε)·w + b. */
        LAYER,
        /** x/√(mean(x²) + ε)·w. */
        ROOT_MEAN_SQUARE,
        /** x/√(mean(x²) + ε)·(1 + w): Gemma. */
        SHIFTED_ROOT_MEAN_SQUARE
    }
}
