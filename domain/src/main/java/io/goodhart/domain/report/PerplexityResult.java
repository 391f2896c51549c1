package io.goodhart.domain.report;

import org.jspecify.annotations.Nullable;

/**
 * Perplexity of a corpus over seeds.
 *
 * @param perToken exp(Σ NLL / Σ tokens)
 * @param perText mean over texts of exp(NLL / tokens)
 * @param ratio {@code perToken} over the baseline's on the same texts; 1 means unchanged
 */
public record PerplexityResult(
        String corpus,
        Estimate perToken,
        Estimate perText,
        @Nullable Estimate ratio) {}
