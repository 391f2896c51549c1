package io.goodhart.tuning.objective;

import io.goodhart.tensor.Tensor;
import io.goodhart.tuning.data.TextExample;
import java.util.List;

/**
 * Supervised fine-tuning: L = −Σ log π(y_t | y_&lt;t) / N over the predicted tokens of a whole optimiser step, so that a long
 * row weighs more than a short one and accumulation changes nothing.
 *
 * @param scope which tokens are learnt
 * @param count what N counts
 */
public record SftObjective(Scope scope, Count count) {
    /** Which tokens are learnt. */
    public enum Scope {
        /** Every token but the first of a row, which nothing predicts. */
        WHOLE_SEQUENCE,
        /** The tokens behind the prompt. */
        COMPLETION
    }

    /** What the sum is divided by. */
    public enum Count {
        /** Tokens that have a prediction. */
        PREDICTED,
        /**
         * Tokens that are not ignored, counted before the shift, as TRL 1.16 does: for whole sequences the first token of
         * every row counts although nothing predicts it.
         */
        LABELS
    }

    /** TRL's loss. */
    public static SftObjective trl(Scope scope) {
        return new SftObjective(scope, Count.LABELS);
    }

    /** Index of the first predicted token of a row, at least 1. */
    public int firstPredicted(TextExample row) {
        return switch (scope) {
            case WHOLE_SEQUENCE -> 1;
            case COMPLETION -> Math.max(1, row.promptLength());
        };
    }

    /** N of the rows of one optimiser step. */
    public long denominator(List<TextExample> rows) {
        long n = 0;
        for (TextExample row : rows) {
            int first = switch (count) {
                case PREDICTED -> firstPredicted(row);
                case LABELS -> scope == Scope.WHOLE_SEQUENCE ? 0 : row.promptLength();
            };
            n += row.ids().length() - first;
        }
        return n;
    }

    /**
     * Share of one micro-batch in the loss of its step.
     *
     * @param logProbsN log-probabilities of the micro-batch's predicted tokens [N], nats
     * @param denominator N of the whole step
     */
    public Tensor evaluate(Tensor logProbsN, long denominator) {
        if (denominator < 1) {
            throw new IllegalArgumentException("Need at least one token to learn, got " + denominator);
        }
        return logProbsN.sum().scaled(-1.0 / denominator);
    }
}
