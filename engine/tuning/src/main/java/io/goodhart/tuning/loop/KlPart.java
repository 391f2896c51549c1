package io.goodhart.tuning.loop;

import io.goodhart.lm.model.TokenBatch;
import io.goodhart.tensor.Autograd;
import io.goodhart.tensor.Kernels;
import io.goodhart.tensor.Tensor;
import io.goodhart.tensor.VocabularyHead;
import io.goodhart.tuning.data.PredictedTokens;
import io.goodhart.tuning.model.TrainableModel;
import java.util.Optional;

/** KL(π_ref ‖ π_θ) at the N predicted positions of a micro-batch. */
final class KlPart {
    private final Tensor klN;
    private final double[] values;
    private final Tensor referenceND;

    private KlPart(Tensor klN, Tensor referenceND) {
        this.klN = klN;
        this.values = klN.toDoubles();
        this.referenceND = referenceND;
    }

    /**
     * Asks the reference.
     *
     * @param hiddenND the policy's hidden states at the predicted positions
     */
    static KlPart of(TrainableModel model, TokenBatch batch, PredictedTokens predicted, Tensor hiddenND) {
        Tensor referenceND;
        try (Autograd.Mode _ = Autograd.paused()) {
            referenceND = model.referenceForward(batch, Optional.empty()).hiddenND(predicted);
        }
        VocabularyHead head = model.head();
        Tensor klN = Kernels.best()
                .tokenDivergence(hiddenND, head, referenceND, model.referenceHead(), Kernels.chunkFor(head.size()));
        return new KlPart(klN, referenceND);
    }

    /** Number of predicted positions of each row. */
    static int[] positions(TokenBatch batch, PredictedTokens predicted) {
        int[] ofRow = new int[batch.rows()];
        for (int n = 0; n < predicted.count(); n++) {
            ofRow[predicted.row(n)]++;
        }
        return ofRow;
    }

    /** KL at position n, nats. */
    double value(int n) {
        return values[n];
    }

    /** Σ_n weight_n · KL_n, a scalar in the graph. */
    Tensor term(double[] weights) {
        return klN.times(LeafGradients.upstream(weights)).sum();
    }

    /** The reference's hidden states at the predicted positions. */
    Tensor referenceND() {
        return referenceND;
    }
}
