package io.goodhart.trainer.report;

import io.goodhart.domain.report.GroupTexts;
import io.goodhart.probing.evaluate.AveragePrecision;
import io.goodhart.probing.evaluate.ProbabilityScores;
import io.goodhart.probing.evaluate.Ranking;
import io.goodhart.probing.evaluate.TprAtFpr;
import java.util.List;
import java.util.function.ToDoubleBiFunction;

/** What a group of probes reads, by other measures than the AUC. Each is the mean over the probes; texts must be readable. */
final class GroupMetrics {
    private static final double ONE_PERCENT = 0.01;
    private static final int CALIBRATION_BINS = 15;

    private GroupMetrics() {}

    /** Needs both classes. */
    static double averagePrecision(GroupTexts texts) {
        return mean(texts, (y, p) -> AveragePrecision.of(y, p).orElseThrow());
    }

    /** Needs both classes. */
    static double tprAtFpr1Pct(GroupTexts texts) {
        return mean(texts, (y, p) -> TprAtFpr.of(y, p, ONE_PERCENT).orElseThrow());
    }

    /** Needs a text. */
    static double brier(GroupTexts texts) {
        return mean(texts, (y, p) -> ProbabilityScores.brier(y, p).orElseThrow());
    }

    /** Needs a text. */
    static double expectedCalibrationError(GroupTexts texts) {
        return mean(
                texts,
                (y, p) -> ProbabilityScores.expectedCalibrationError(y, p, CALIBRATION_BINS)
                        .orElseThrow());
    }

    /** Each probe's. */
    static List<Ranking> rankings(GroupTexts texts) {
        return texts.probabilities().stream()
                .map(of -> Ranking.of(texts.labels(), of))
                .toList();
    }

    private static double mean(GroupTexts texts, ToDoubleBiFunction<boolean[], double[]> measure) {
        boolean[] labels = texts.labels();
        return texts.probabilities().stream()
                .mapToDouble(of -> measure.applyAsDouble(labels, of))
                .average()
                .orElseThrow();
    }
}
