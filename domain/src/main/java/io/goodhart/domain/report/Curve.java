package io.goodhart.domain.report;

import io.goodhart.domain.report.Evaluation.TextSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One quantity over the evaluation points of a training. Not to be mixed with the final evaluation, which has more prompts.
 *
 * @param group with {@link Quantity#AUROC} only
 * @param set with {@link Quantity#AUROC} only
 * @param corpus with {@link Quantity#PERPLEXITY} only
 */
public record Curve(
        Quantity quantity,
        @Nullable ProbeGroup group,
        @Nullable TextSet set,
        @Nullable String corpus,
        List<CurvePoint> points) {
    public Curve {
        points = List.copyOf(points);
    }

    /** What is on the vertical axis. */
    public enum Quantity {
        /** Share of responses that show the behaviour. */
        RATE,
        /** Mean score of the responses. */
        MEAN_SCORE,
        /** Mean over a group's frozen probes. */
        AUROC,
        /** Per token. */
        PERPLEXITY
    }

    /**
     * @param point evaluation point; 0 is the untrained start
     * @param mean over seeds
     * @param lower smallest of the seeds
     * @param upper largest of the seeds
     * @param seeds how many seeds there are
     * @param fewest texts of the rarer class, in the seed with the fewest; with {@link Quantity#AUROC} only
     */
    public record CurvePoint(
            int point,
            double mean,
            double lower,
            double upper,
            int seeds,
            @Nullable Integer fewest) {}
}
