package io.goodhart.probing.evaluate;

import io.goodhart.domain.SplitMix;
import io.goodhart.probing.statistics.Interval;
import io.goodhart.probing.statistics.Percentile;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Percentile bootstrap that draws positives from positives and negatives from negatives, so that every replicate has both classes in
 * their observed numbers. Efron and Tibshirani 1993, An Introduction to the Bootstrap, section 13.3.
 *
 * @param replicates number of resamples
 * @param seed of the draws: same seed, same interval
 */
public record StratifiedBootstrap(int replicates, long seed) {
    public StratifiedBootstrap {
        if (replicates < 2) {
            throw new IllegalArgumentException("Need two replicates or more, got " + replicates);
        }
    }

    /** Interval of the AUC; empty with one class only. */
    public Optional<Interval> auc(boolean[] labels, double[] scores, double level) {
        if (RocAuc.of(labels, scores).isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(Percentile.central(replicate(labels, rows -> aucOf(rows, labels, scores)), level));
    }

    /** Interval of the difference of two AUCs on the same examples; empty with one class only. */
    public Optional<Interval> aucDifference(boolean[] labels, double[] first, double[] second, double level) {
        if (RocAuc.of(labels, first).isEmpty() || RocAuc.of(labels, second).isEmpty()) {
            return Optional.empty();
        }
        double[] differences = replicate(labels, rows -> aucOf(rows, labels, first) - aucOf(rows, labels, second));
        return Optional.of(Percentile.central(differences, level));
    }

    /** The statistic on every resample of rows. */
    public double[] replicate(boolean[] labels, ToDoubleFunction<int[]> statistic) {
        int[] positives =
                IntStream.range(0, labels.length).filter(i -> labels[i]).toArray();
        int[] negatives =
                IntStream.range(0, labels.length).filter(i -> !labels[i]).toArray();
        SplitMix random = new SplitMix(seed);
        double[] values = new double[replicates];
        int[] rows = new int[labels.length];
        for (int r = 0; r < replicates; r++) {
            draw(positives, rows, 0, random);
            draw(negatives, rows, positives.length, random);
            values[r] = statistic.applyAsDouble(rows);
        }
        return values;
    }

    /** AUC of the rows, which may repeat. */
    static double aucOf(int[] rows, boolean[] labels, double[] scores) {
        boolean[] drawnLabels = new boolean[rows.length];
        double[] drawnScores = new double[rows.length];
        for (int i = 0; i < rows.length; i++) {
            drawnLabels[i] = labels[rows[i]];
            drawnScores[i] = scores[rows[i]];
        }
        return RocAuc.of(drawnLabels, drawnScores).orElseThrow();
    }

    private static void draw(int[] from, int[] rows, int offset, SplitMix random) {
        for (int i = 0; i < from.length; i++) {
            rows[offset + i] = from[random.below(from.length)];
        }
    }
}
