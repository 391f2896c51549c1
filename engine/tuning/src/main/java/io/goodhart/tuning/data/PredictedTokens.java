package io.goodhart.tuning.data;

import io.goodhart.lm.model.TokenBatch;
import io.goodhart.tensor.Tensor;
import io.goodhart.tensor.Tensors;

/** N tokens of a batch that are predicted, row by row: the only positions whose scores anybody reads. */
public final class PredictedTokens {
    private final long[] positions;
    private final long[] targets;
    private final int[] rows;
    private final int[] times;

    private PredictedTokens(int count) {
        positions = new long[count];
        targets = new long[count];
        rows = new int[count];
        times = new int[count];
    }

    /**
     * The tokens to predict: of each row those from {@code first[row]} on, at least 1, because nothing predicts the first. They
     * follow from lengths, never from ids: the padding id may also occur as a real token.
     */
    public static PredictedTokens from(TokenBatch batch, int... first) {
        int count = 0;
        for (int row = 0; row < batch.rows(); row++) {
            if (first[row] < 1 || first[row] > batch.length(row)) {
                throw new IllegalArgumentException("Need a first predicted token in 1..%d, got %d for row %d"
                        .formatted(batch.length(row), first[row], row));
            }
            count += batch.length(row) - first[row];
        }
        PredictedTokens tokens = new PredictedTokens(count);
        int n = 0;
        for (int row = 0; row < batch.rows(); row++) {
            for (int time = first[row]; time < batch.length(row); time++, n++) {
                tokens.positions[n] = batch.flatIndex(row, time - 1);
                tokens.targets[n] = batch.token(row, time);
                tokens.rows[n] = row;
                tokens.times[n] = time;
            }
        }
        return tokens;
    }

    /** N. */
    public int count() {
        return positions.length;
    }

    /** Id of token n. */
    public long target(int n) {
        return targets[n];
    }

    /** Row of token n. */
    public int row(int n) {
        return rows[n];
    }

    /** Place of token n in its row's sequence, at least 1. */
    public int time(int n) {
        return times[n];
    }

    /** Position [N] in the flattened batch [B·T] of the token before each, which predicts it. */
    public Tensor positionsN() {
        return Tensors.of(positions, positions.length);
    }

    /** The predicted tokens' ids [N], int64. */
    public Tensor targetsN() {
        return Tensors.of(targets, targets.length);
    }
}
