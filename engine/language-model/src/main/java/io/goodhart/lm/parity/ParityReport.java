package io.goodhart.lm.parity;

import java.util.List;
import java.util.OptionalDouble;

/**
 * How far a model is from the reference, tensor by tensor.
 *
 * @param family {@code model_type} of the model
 * @param noiseFloor how far float32 itself is from float64 in the logits, over their standard deviation, if the reference says so
 * @param rows in the order of the forward pass, then losses, gradients and generation
 * @param unread names of expected tensors that nothing was compared with
 */
public record ParityReport(String family, OptionalDouble noiseFloor, List<ParityRow> rows, List<String> unread) {
    public ParityReport {
        rows = List.copyOf(rows);
        unread = List.copyOf(unread);
    }

    /** Whether everything passes. A report without rows does not. */
    public boolean within() {
        return !rows.isEmpty() && rows.stream().allMatch(ParityRow::within);
    }
}
