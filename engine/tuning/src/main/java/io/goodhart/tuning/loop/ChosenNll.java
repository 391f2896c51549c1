package io.goodhart.tuning.loop;

import io.goodhart.tuning.logprob.PairBatch;

/**
 * L_NLL of one micro-batch: −Σ log π_θ(y_w|x) / Σ|y_w|.
 *
 * @param value nats per chosen token
 * @param tokens Σ|y_w|
 * @param pairs number of pairs
 */
record ChosenNll(double value, double tokens, int pairs) {
    /**
     * Of a batch.
     *
     * @param policy log-probabilities of the completions [2B], nats, chosen ones first
     */
    static ChosenNll of(PairBatch batch, double[] policy) {
        double sum = 0;
        double tokens = 0;
        double[] lengths = batch.completionLengths();
        for (int row = 0; row < batch.pairs(); row++) {
            sum += policy[row];
            tokens += lengths[row];
        }
        return new ChosenNll(-sum / tokens, tokens, batch.pairs());
    }

    /** Its derivative with respect to the log-probability of a row's completion. */
    double gradient(int row) {
        return row < pairs ? -1 / tokens : 0;
    }
}
