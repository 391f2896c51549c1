package io.goodhart.probing.evaluate;

import java.util.Arrays;
import java.util.Comparator;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * The points (FP_k, TP_k) that a falling threshold passes, one for each distinct score, after the origin (0, 0). Scores that compare
 * equal (also 0.0 and −0.0) fall together. With one class only, no ranking measure is defined: each is empty.
 */
public final class RocCurve {
    /** So that 1/100 is not above a limit of 0.01 by its rounding. */
    static final double SLACK = 1e-15;

    private final int[] truePositives;
    private final int[] falsePositives;
    private final double[] thresholds;

    private RocCurve(int[] truePositives, int[] falsePositives, double[] thresholds) {
        this.truePositives = truePositives;
        this.falsePositives = falsePositives;
        this.thresholds = thresholds;
    }

    /**
     * The curve of these scores.
     *
     * @param labels true for the positive class
     * @param scores higher means more positive; finite
     */
    public static RocCurve of(boolean[] labels, double[] scores) {
        Scores.check(labels, scores);
        int[] order = IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -scores[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        int[] tp = new int[order.length + 1];
        int[] fp = new int[order.length + 1];
        double[] thresholds = new double[order.length + 1];
        thresholds[0] = Double.POSITIVE_INFINITY;
        int points = 0;
        for (int k = 0; k < order.length; k++) {
            if (k == 0 || scores[order[k]] != scores[order[k - 1]]) {
                points++;
                tp[points] = tp[points - 1];
                fp[points] = fp[points - 1];
                thresholds[points] = scores[order[k]];
            }
            if (labels[order[k]]) {
                tp[points]++;
            } else {
                fp[points]++;
            }
        }
        return new RocCurve(
                Arrays.copyOf(tp, points + 1), Arrays.copyOf(fp, points + 1), Arrays.copyOf(thresholds, points + 1));
    }

    /** Number of points, the origin included. */
    public int size() {
        return thresholds.length;
    }

    public int positives() {
        return truePositives[size() - 1];
    }

    public int negatives() {
        return falsePositives[size() - 1];
    }

    /** Share of the positives with a score of at least {@code threshold(point)}. Needs positives. */
    public double truePositiveRate(int point) {
        return (double) truePositives[point] / positives();
    }

    /** Share of the negatives with a score of at least {@code threshold(point)}. Needs negatives. */
    public double falsePositiveRate(int point) {
        return (double) falsePositives[point] / negatives();
    }

    /** The score that this point includes; +∞ at the origin. */
    public double threshold(int point) {
        return thresholds[point];
    }

    /**
     * AUC = P(s⁺ &gt; s⁻) + ½ P(s⁺ = s⁻), the area by trapezoids, counted in integers. Bamber 1975, Journal of Mathematical Psychology
     * 12, p. 387.
     */
    public OptionalDouble auc() {
        if (isOneClass()) {
            return OptionalDouble.empty();
        }
        long twiceArea = 0;
        for (int k = 1; k < size(); k++) {
            twiceArea += (long) (falsePositives[k] - falsePositives[k - 1]) * (truePositives[k] + truePositives[k - 1]);
        }
        return OptionalDouble.of(twiceArea / (2.0 * positives() * negatives()));
    }

    /** AP = Σ_k (R_k − R_{k−1})·P_k over the distinct thresholds: recall R = TP/n⁺, precision P = TP/(TP + FP); steps, not trapezoids. */
    public OptionalDouble averagePrecision() {
        if (isOneClass()) {
            return OptionalDouble.empty();
        }
        double sum = 0;
        for (int k = 1; k < size(); k++) {
            double precision = (double) truePositives[k] / (truePositives[k] + falsePositives[k]);
            sum += (truePositives[k] - truePositives[k - 1]) * precision;
        }
        return OptionalDouble.of(sum / positives());
    }

    /** Highest true-positive rate among the points with FPR ≤ limit; nothing is interpolated between points. */
    public OptionalDouble tprAtFpr(double limit) {
        if (!(limit >= 0 && limit <= 1)) {
            throw new IllegalArgumentException("Need a false-positive rate between 0 and 1, got " + limit);
        }
        if (isOneClass()) {
            return OptionalDouble.empty();
        }
        int best = 0;
        for (int k = 1; k < size() && falsePositiveRate(k) <= limit + SLACK; k++) {
            best = k;
        }
        return OptionalDouble.of(truePositiveRate(best));
    }

    private boolean isOneClass() {
        return positives() == 0 || negatives() == 0;
    }
}
