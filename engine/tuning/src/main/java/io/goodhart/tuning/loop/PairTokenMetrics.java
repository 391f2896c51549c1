package io.goodhart.tuning.loop;

import io.goodhart.tuning.logprob.PairBatch;

/**
 * Metrics over a micro-batch's completion tokens: entropy over both sides together, mean score of the vocabulary on each
 * side, accuracy on the chosen side.
 */
record PairTokenMetrics(PairBatch batch, PredictionReadings readings) {
    void addTo(MetricAccumulator metrics) {
        double entropy = 0;
        int hits = 0;
        double[] logits = new double[2];
        int[] tokens = new int[2];
        for (int n = 0; n < batch.predicted().count(); n++) {
            if (!batch.inCompletion(n)) {
                continue;
            }
            int side = batch.side(batch.predicted().row(n));
            tokens[side]++;
            logits[side] += readings.meanLogit(n);
            entropy += readings.entropy(n);
            hits += side == PairBatch.CHOSEN && readings.hit(n) ? 1 : 0;
        }
        int chosen = tokens[PairBatch.CHOSEN];
        int rejected = tokens[PairBatch.REJECTED];
        metrics.addMean(MetricNames.LOGITS_CHOSEN, logits[PairBatch.CHOSEN] / chosen);
        metrics.addMean(MetricNames.LOGITS_REJECTED, logits[PairBatch.REJECTED] / rejected);
        metrics.addMean(MetricNames.MEAN_TOKEN_ACCURACY, hits / (double) chosen);
        metrics.addMean(MetricNames.ENTROPY, entropy / (chosen + rejected));
    }
}
