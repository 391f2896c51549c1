package io.goodhart.tuning.logprob;

import io.goodhart.tensor.Autograd;
import io.goodhart.tensor.Kernels;
import io.goodhart.tensor.Scope;
import io.goodhart.tensor.Tensor;
import io.goodhart.tensor.VocabularyHead;
import io.goodhart.tuning.data.PreferencePair;
import io.goodhart.tuning.model.TrainableModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;

/** Log-probabilities of pairs under the reference model: computed once, they serve every epoch and every arm. */
public final class ReferenceScores {
    private ReferenceScores() {}

    /**
     * Scores of all pairs, in their order.
     *
     * @param batch pairs per forward pass
     * @param scored told before each forward pass how many pairs are done; an exception from it ends the work
     */
    public static List<PairScore> of(TrainableModel model, List<PreferencePair> pairs, int batch, IntConsumer scored) {
        List<PairScore> scores = new ArrayList<>();
        for (int from = 0; from < pairs.size(); from += batch) {
            scored.accept(from);
            PairBatch rows = PairBatch.ofCompletions(pairs.subList(from, Math.min(pairs.size(), from + batch)));
            double[] sums = sums(model, rows);
            for (int b = 0; b < rows.pairs(); b++) {
                scores.add(new PairScore(sums[b], sums[rows.pairs() + b]));
            }
        }
        return scores;
    }

    /** Sums [2B] over the completions of a batch, chosen rows first. */
    public static double[] sums(TrainableModel model, PairBatch batch) {
        try (Scope _ = Scope.open();
                Autograd.Mode _ = Autograd.paused()) {
            Tensor hiddenND =
                    model.referenceForward(batch.tokens(), Optional.empty()).hiddenND(batch.predicted());
            return sums(model, batch, hiddenND);
        }
    }

    /** Sums [2B] over the completions of a batch whose hidden states under the reference are known. */
    public static double[] sums(TrainableModel model, PairBatch batch, Tensor referenceND) {
        try (Scope _ = Scope.open();
                Autograd.Mode _ = Autograd.paused()) {
            VocabularyHead head = model.referenceHead();
            // the kernel that training reads the policy with: equal models give equal bits, so that their margin is 0
            Tensor logProbsN = Kernels.best()
                    .tokenScores(referenceND, head, batch.predicted().targetsN(), Kernels.chunkFor(head.size()))
                    .logProbsN();
            return batch.completionSums(logProbsN.toDoubles());
        }
    }
}
