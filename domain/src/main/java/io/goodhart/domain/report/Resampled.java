package io.goodhart.domain.report;

import org.jspecify.annotations.Nullable;

/**
 * Quantities whose intervals have no closed form, by a stratified bootstrap over the texts and, where there are several, the seeds.
 *
 * @param averagePrecision mean over probes and seeds
 * @param tprAtFpr1Pct true-positive rate at a false-positive rate of 1 %
 * @param averagePrecisionAgainstBaseline on the same resamples of the same texts; absent where own responses differ
 * @param tprAgainstBaseline as {@code averagePrecisionAgainstBaseline}
 */
public record Resampled(
        Estimate averagePrecision,
        Estimate tprAtFpr1Pct,
        @Nullable Comparison averagePrecisionAgainstBaseline,
        @Nullable Comparison tprAgainstBaseline) {}
