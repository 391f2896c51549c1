package io.goodhart.tuning.loop;

import io.goodhart.tensor.Kernels;
import io.goodhart.tensor.Tensor;
import io.goodhart.tensor.TokenScores;
import io.goodhart.tensor.VocabularyHead;
import io.goodhart.tuning.data.PredictedTokens;

/** Predictions of N tokens: log-probabilities that belong to a graph, and the numbers that metrics are made of. */
final class PredictionReadings {
    private final Tensor logProbsN;
    private final double[] logProbs;
    private final double[] entropies;
    private final double[] meanLogits;
    private final boolean[] hits;

    private PredictionReadings(TokenScores scores, PredictedTokens tokens) {
        logProbsN = scores.logProbsN();
        logProbs = logProbsN.toDoubles();
        entropies = scores.entropyN().toDoubles();
        meanLogits = scores.meanLogitN().toDoubles();
        long[] best = scores.bestN().toLongs();
        hits = new boolean[best.length];
        for (int n = 0; n < best.length; n++) {
            hits[n] = best[n] == tokens.target(n);
        }
    }

    /**
     * Projects onto the vocabulary at the predicted positions only, in chunks.
     *
     * @param hiddenND final hidden states at those positions
     */
    static PredictionReadings of(Tensor hiddenND, VocabularyHead head, PredictedTokens tokens) {
        int chunk = Kernels.chunkFor(head.size());
        return new PredictionReadings(Kernels.best().tokenScores(hiddenND, head, tokens.targetsN(), chunk), tokens);
    }

    int count() {
        return logProbs.length;
    }

    /** Log-probability of each predicted token [N], nats; part of the graph. */
    Tensor logProbsN() {
        return logProbsN;
    }

    /** The same as numbers. */
    double[] logProbs() {
        return logProbs;
    }

    /** Entropy of a distribution, nats. */
    double entropy(int n) {
        return entropies[n];
    }

    /** Mean of the scores of the whole vocabulary. */
    double meanLogit(int n) {
        return meanLogits[n];
    }

    /** Whether the token is the most probable one. */
    boolean hit(int n) {
        return hits[n];
    }
}
