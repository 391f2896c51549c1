package io.goodhart.domain.report;

import io.goodhart.domain.report.Evaluation.TextSet;
import io.goodhart.domain.report.Evaluation.Transfer;
import org.jspecify.annotations.Nullable;

/**
 * How one group of probes reads one set of texts after training: means over the group's probes, then over seeds.
 *
 * @param probes probes in the group
 * @param texts texts with a token: over all seeds for own responses, of one seed for the sets that all seeds read alike
 * @param positives those of them that show the behaviour
 * @param auroc absent if a class is missing in every seed
 * @param averagePrecision absent as {@code auroc} is
 * @param tprAtFpr1Pct true-positive rate at a false-positive rate of 1 %; absent as {@code auroc} is
 * @param accuracy at the thresholds calibrated before training
 * @param meanProbability mean of the probes' probabilities
 * @param againstBaseline on the same texts, or on own responses to the same prompts
 * @param againstControl as {@code againstBaseline}
 * @param resampled average precision and true-positive rate with intervals; absent as {@code auroc} is
 * @param calibration how far the probabilities are from what happened
 */
public record ProbeResult(
        ProbeGroup group,
        TextSet set,
        Transfer transfer,
        int probes,
        int texts,
        int positives,
        @Nullable Estimate auroc,
        @Nullable Double averagePrecision,
        @Nullable Double tprAtFpr1Pct,
        @Nullable Double accuracy,
        double meanProbability,
        @Nullable Comparison againstBaseline,
        @Nullable Comparison againstControl,
        @Nullable Resampled resampled,
        @Nullable Calibration calibration) {
    /** The same result with other comparisons: those whose p-values are corrected. */
    public ProbeResult compared(@Nullable Comparison toBaseline, @Nullable Comparison toControl) {
        return new ProbeResult(
                group,
                set,
                transfer,
                probes,
                texts,
                positives,
                auroc,
                averagePrecision,
                tprAtFpr1Pct,
                accuracy,
                meanProbability,
                toBaseline,
                toControl,
                resampled,
                calibration);
    }
}
