package io.goodhart.tuning.loop;

import io.goodhart.tensor.Tensor;
import io.goodhart.tuning.data.PredictedTokens;
import io.goodhart.tuning.logprob.PairBatch;
import io.goodhart.tuning.model.TrainableModel;
import io.goodhart.tuning.objective.KlAnchor;

/**
 * The KL term of one micro-batch of pairs.
 *
 * @param part KL at every position
 * @param term γ·(KL of the chosen + KL of the rejected), a scalar in the graph
 * @param loss its value in float64
 * @param chosen KL of the chosen sequences, averaged, without γ
 * @param rejected the same of the rejected ones
 */
record PairKl(KlPart part, Tensor term, double loss, double chosen, double rejected) {
    /** Must be given a batch whose predicted tokens are those of the whole sequences, and the policy's hidden states there. */
    static PairKl of(KlAnchor anchor, TrainableModel model, PairBatch batch, Tensor hiddenND) {
        PredictedTokens tokens = batch.predicted();
        KlPart part = KlPart.of(model, batch.tokens(), tokens, hiddenND);
        int[] ofRow = KlPart.positions(batch.tokens(), tokens);
        long[] ofSide = new long[2];
        for (int row = 0; row < ofRow.length; row++) {
            ofSide[batch.side(row)] += ofRow[row];
        }
        double[] kl = new double[2];
        double[] gradients = new double[tokens.count()];
        for (int n = 0; n < gradients.length; n++) {
            int row = tokens.row(n);
            double weight = anchor.weight(batch.pairs(), ofRow[row], ofSide[batch.side(row)]);
            kl[batch.side(row)] += weight * part.value(n);
            gradients[n] = anchor.gamma() * weight;
        }
        double chosen = kl[PairBatch.CHOSEN];
        double rejected = kl[PairBatch.REJECTED];
        return new PairKl(part, part.term(gradients), anchor.gamma() * (chosen + rejected), chosen, rejected);
    }

    void addTo(MetricAccumulator metrics) {
        metrics.addMean(MetricNames.KL_REF, (chosen + rejected) / 2);
        metrics.addMean(MetricNames.KL_CHOSEN, chosen);
        metrics.addMean(MetricNames.KL_REJECTED, rejected);
    }
}
