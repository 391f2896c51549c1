package io.goodhart.lm.model;

import io.goodhart.lm.hook.HookPoint;
import io.goodhart.tensor.Tensor;
import java.util.Map;

/**
 * What a forward pass leaves. Values at padding mean nothing.
 *
 * @param hiddenBTD after the final norm: what the vocabulary projection reads
 * @param captured what hooks have kept
 */
public record ForwardResult(Tensor hiddenBTD, Map<HookPoint, Tensor> captured) {
    public ForwardResult {
        captured = Map.copyOf(captured);
    }

    /** What was kept at a point. */
    public Tensor at(HookPoint point) {
        Tensor tensor = captured.get(point);
        if (tensor == null) {
            throw new IllegalArgumentException("Nothing was captured at " + point);
        }
        return tensor;
    }
}
