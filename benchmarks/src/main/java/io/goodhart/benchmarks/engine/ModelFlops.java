package io.goodhart.benchmarks.engine;

import io.goodhart.lm.adapter.LoraAdapter;
import io.goodhart.lm.model.DecoderModel;
import io.goodhart.modelfiles.config.DecoderConfig;
import io.goodhart.modelfiles.weights.ExpectedTensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Floating-point operations that the mathematics of a decoder needs, whatever an implementation computes besides. A
 * multiplication and an addition are two. Per token, forward: 2 per weight of every linear module; 4·H·K per layer and key that a
 * token attends to, for scores and for values: with causal attention (T + 1)/2 keys in the mean, with a window no more than that;
 * 2·D·V where a token is predicted.
 * Backward: as much again for the gradient in the inputs, and once more for that in the weights where they learn.
 * Recomputation, norms, softmax and the optimiser count nothing.
 */
public final class ModelFlops {
    private final double linear;
    private final double attentionPerKey;
    private final List<Integer> windows;
    private final double head;
    private final double adapter;

    /** Of a model, with the adapter that learns, or none if all weights do. */
    public ModelFlops(DecoderModel model, @Nullable LoraAdapter adapter) {
        DecoderConfig config = model.config();
        this.linear = 2.0
                * model.table().linearWeights().stream()
                        .mapToLong(ExpectedTensor::elements)
                        .sum();
        this.attentionPerKey = 4.0 * config.heads() * config.dHead();
        this.windows = config.blocks().stream()
                .map(block -> block.attention().scores().window())
                .toList();
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
        double keys =
                windows.stream().mapToDouble(window -> keys(length, window)).sum();
        return rows * (length * linear + keys * attentionPerKey + predicted * head);
    }

    /** Keys that T tokens attend to: Σ_t min(t, w), with t from 1 to T; w = T without window. */
    private static double keys(double length, int window) {
        double within = window == 0 ? length : Math.min(window, length);
        return within * (within + 1) / 2 + (length - within) * within;
    }
}
