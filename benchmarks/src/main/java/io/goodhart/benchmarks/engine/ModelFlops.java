package io.goodhart.benchmarks.engine;

import io.goodhart.lm.adapter.LoraAdapter;
import io.goodhart.lm.model.DecoderModel;
import io.goodhart.modelfiles.config.DecoderConfig;
import io.goodhart.modelfiles.weights.ExpectedTensor;
import org.jspecify.annotations.Nullable;

/**
 * Floating-point operations that the mathematics of a decoder needs, whatever an implementation computes besides. A
 * multiplication and an addition are two. Per token, forward: 2 per weight of every linear module; 2·T·H·K per layer for
 * causal attention over T tokens (half of the full square, for scores and for values); 2·D·V where a token is predicted.
 * Backward: as much again for the gradient in the inputs, and once more for that in the weights where they learn.
 * Recomputation, norms, softmax and the optimiser count nothing.
 */
public final class ModelFlops {
    private final double linear;
    private final double attentionPerToken;
    private final double head;
    private final double adapter;

    /** Of a model, with the adapter that learns, or none if all weights do. */
    public ModelFlops(DecoderModel model, @Nullable LoraAdapter adapter) {
        DecoderConfig config = model.config();
        this.linear = 2.0
                * model.table().linearWeights().stream()
                        .mapToLong(ExpectedTensor::elements)
                        .sum();
        this.attentionPerToken = 2.0 * config.layers() * config.heads() * config.dHead();
        this.head = 2.0 * config.dModel() * config.vocabulary();
        this.adapter = adapter == null
                ? 0
                : 2.0
                        * adapter.targets().stream()
                                .mapToLong(target -> adapter.settings().rank()
                                        * (target.shape().get(0)
                                                + target.shape().get(1)))
                                .sum();
    }

    /**
     * Forward and backward of equal rows.
     *
     * @param length T
     * @param predicted tokens per row whose probability is asked for
     */
    public double training(int rows, int length, int predicted) {
        double forward = forward(rows, length, predicted);
        return adapter == 0 ? 3 * forward : 2 * forward + 3 * adapter * rows * length;
    }

    /** Forward alone, without adapter. */
    public double forward(int rows, int length, int predicted) {
        return rows * (length * (linear + attentionPerToken * length) + predicted * head);
    }
}
