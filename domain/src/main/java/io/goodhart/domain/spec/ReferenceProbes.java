package io.goodhart.domain.spec;

import org.jspecify.annotations.Nullable;

/**
 * What was published of the probes.
 *
 * @param layer the layer that they read
 * @param cosine of every two training probes' weights
 */
public record ReferenceProbes(
        @Nullable Integer layer, @Nullable Cosine cosine) {
    /** Mean and range, in [−1, 1]. */
    public record Cosine(Double mean, Double lowest, Double highest) {
        public Cosine {
            mean = Require.present(mean, "mean");
            lowest = Require.present(lowest, "lowest");
            highest = Require.present(highest, "highest");
        }
    }
}
