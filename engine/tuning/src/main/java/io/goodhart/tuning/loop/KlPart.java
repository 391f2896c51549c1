package io.goodhart.tuning.loop;

import io.goodhart.tensor.Autograd;
import io.goodhart.tensor.Kernels;
import io.goodhart.tensor.Tensor;
import io.goodhart.tensor.VocabularyHead;
import io.goodhart.tuning.data.PredictedTokens;
import io.goodhart.tuning.logprob.PairBatch;
import io.goodhart.tuning.model.TrainableModel;
import io.goodhart.tuning.objective.KlAnchor;

/**
 * The KL term of one micro-batch.
 *
 * @param term γ·(KL of the chosen + KL of the rejected), a scalar in the graph
 * @param loss its value in float64
 * @param chosen KL of the chosen sequences, averaged, without γ
 * @param rejected the same of the rejected ones
 * @param referenceND the reference's hidden states at the predicted positions
 */
record KlPart(Tensor term, double loss, double chosen, double rejected, Tensor referenceND) {
    /** Must be given a batch whose predicted tokens are those of the whole sequences, and the policy's hidden states there. */
    static KlPart of(KlAnchor anchor, TrainableModel model, PairBatch batch, Tensor hiddenND) {
        Tensor referenceND;
        try (Autograd.Mode _ = Autograd.paused()) {
            referenceND = model.referenceForward(batch.tokens()).hiddenND(batch.predicted());
        }
        VocabularyHead head = model.head();
        Tensor klN = Kernels.best()
                .tokenDivergence(hiddenND, head, referenceND, model.referenceHead(), Kernels.chunkFor(head.size()));
        double[] weights = weights(anchor, batch);
        double[] kl = klN.toDoubles();
        double[] ofSide = new double[2];
        double[] gradients = new double[kl.length];
        for (int n = 0; n < kl.length; n++) {
            ofSide[batch.side(batch.predicted().row(n))] += weights[n] * kl[n];
            gradients[n] = anchor.gamma() * weights[n];
        }
        double chosen = ofSide[PairBatch.CHOSEN];
        double rejected = ofSide[PairBatch.REJECTED];
        Tensor term = klN.times(LeafGradients.upstream(gradients)).sum();
        return new KlPart(term, anchor.gamma() * (chosen + rejected), chosen, rejected, referenceND);
    }

    void addTo(MetricAccumulator metrics) {
        metrics.addMean(MetricNames.KL_CHOSEN, chosen);
        metrics.addMean(MetricNames.KL_REJECTED, rejected);
    }

    /** Weight [N] of each position in the average of its side. */
    private static double[] weights(KlAnchor anchor, PairBatch batch) {
        PredictedTokens tokens = batch.predicted();
        int[] ofRow = new int[2 * batch.pairs()];
        long[] ofSide = new long[2];
        for (int n = 0; n < tokens.count(); n++) {
            ofRow[tokens.row(n)]++;
            ofSide[batch.side(tokens.row(n))]++;
        }
        double[] weights = new double[tokens.count()];
        for (int n = 0; n < weights.length; n++) {
            int row = tokens.row(n);
            weights[n] = anchor.weight(batch.pairs(), ofRow[row], ofSide[batch.side(row)]);
        }
        return weights;
    }
}
