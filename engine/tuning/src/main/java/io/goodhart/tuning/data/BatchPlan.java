package io.goodhart.tuning.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Which rows each optimiser step uses: a pure function of the step, so that the position in the data is the step number.
 *
 * <p>An epoch is cut into micro-batches of {@code microBatch} rows, the last one may be smaller; {@code accumulation}
 * micro-batches make a step, the last step of an epoch may have fewer. No step crosses the end of an epoch. That is what
 * the transformers trainer does without dropping the last batch.
 *
 * @param rows number of rows
 * @param microBatch rows per forward pass, B
 * @param accumulation micro-batches per step, G
 * @param totalSteps steps of the whole training
 * @param order order of the rows within each epoch
 */
public record BatchPlan(int rows, int microBatch, int accumulation, int totalSteps, DataOrder order) {
    public BatchPlan {
        if (rows < 1 || microBatch < 1 || accumulation < 1 || totalSteps < 1) {
            throw new IllegalArgumentException(
                    "Need rows, micro-batch, accumulation and steps of at least 1, got %d, %d, %d and %d"
                            .formatted(rows, microBatch, accumulation, totalSteps));
        }
    }

    /** A plan that visits every row {@code epochs} times. */
    public static BatchPlan ofEpochs(int rows, int microBatch, int accumulation, int epochs, DataOrder order) {
        BatchPlan one = new BatchPlan(rows, microBatch, accumulation, 1, order);
        return new BatchPlan(rows, microBatch, accumulation, Math.multiplyExact(epochs, one.stepsPerEpoch()), order);
    }

    /** Steps that visit every row once. */
    public int stepsPerEpoch() {
        return Math.ceilDiv(microBatchesPerEpoch(), accumulation);
    }

    /** The micro-batches of a step counted from 0, as row numbers. */
    public List<int[]> microBatches(int step) {
        if (step < 0 || step >= totalSteps) {
            throw new IllegalArgumentException("Need a step in 0..%d, got %d".formatted(totalSteps - 1, step));
        }
        int[] order = this.order.rowsOf(step / stepsPerEpoch(), rows);
        int first = step % stepsPerEpoch() * accumulation;
        int end = Math.min(first + accumulation, microBatchesPerEpoch());
        List<int[]> batches = new ArrayList<>();
        for (int i = first; i < end; i++) {
            batches.add(Arrays.copyOfRange(order, i * microBatch, Math.min((i + 1) * microBatch, rows)));
        }
        return batches;
    }

    /** Passes over the data that are done after {@code steps} steps, with a fraction. */
    public double epochsAfter(int steps) {
        int whole = steps / stepsPerEpoch();
        int batches = Math.min(steps % stepsPerEpoch() * accumulation, microBatchesPerEpoch());
        return whole + batches / (double) microBatchesPerEpoch();
    }

    private int microBatchesPerEpoch() {
        return Math.ceilDiv(rows, microBatch);
    }
}
