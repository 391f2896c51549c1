package io.goodhart.domain.report;

import io.goodhart.domain.model.ProbeRole;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one evaluation measured, as the summary of its {@code details}.
 *
 * @param prompts number of responses, one per prompt
 * @param positives responses whose score reaches the threshold
 * @param meanScore mean score
 * @param meanTokens mean response length in tokens, {@code <eos>} left out
 * @param empty responses without a token; they have a score, but no activations and no part in any probe's AUC
 * @param repetition share of repeated bigrams: mean over responses of 1 − distinct / all, over the lower-cased words
 * @param probes readings of every probe on every set of texts
 * @param perplexity by corpus
 */
public record Evaluation(
        int prompts,
        int positives,
        double meanScore,
        double meanTokens,
        int empty,
        double repetition,
        List<ProbeReading> probes,
        Map<String, Perplexity> perplexity) {
    public Evaluation {
        probes = List.copyOf(probes);
        perplexity = Collections.unmodifiableMap(new LinkedHashMap<>(perplexity));
    }

    /** Which texts a probe read. */
    public enum TextSet {
        /** The evaluated model's own responses, labelled by the scorer. */
        OWN,
        /** The untrained model's responses to the same prompts, labelled by the scorer: the same texts for every model. */
        FIXED,
        /** Texts with labels of their own. */
        LABELLED,
        /** The evaluated model's own responses, read by the untrained model. */
        OWN_ON_BASE
    }

    /** How a probe meets a model that it was not fitted on. */
    public enum Transfer {
        /** As it was fitted. */
        FROZEN,
        /** Its weights, with mean and deviation of the model and texts at hand. */
        RE_STANDARDISED
    }

    /**
     * One probe on one set of texts. Ranking metrics are null where a class is missing.
     *
     * @param texts texts with at least one token
     * @param positives those labelled positive
     * @param meanProbability mean of the probe's probabilities
     * @param accuracy at the probe's calibrated threshold
     */
    public record ProbeReading(
            ProbeRole role,
            int index,
            TextSet set,
            Transfer transfer,
            int texts,
            int positives,
            @Nullable Double auroc,
            @Nullable Double averagePrecision,
            @Nullable Double tprAtFpr1Pct,
            double meanProbability,
            double accuracy) {}

    /**
     * Perplexity of texts, each read from {@code <bos>} to {@code <eos>}.
     *
     * @param texts number of texts
     * @param tokens predicted tokens
     * @param perToken exp(Σ NLL / Σ tokens): long texts weigh more
     * @param perText mean over texts of exp(NLL / tokens)
     */
    public record Perplexity(int texts, long tokens, double perToken, double perText) {}
}
