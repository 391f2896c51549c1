package io.goodhart.probing.evaluate;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Texts in the falling order of one probe's scores. A resample of them is how often each was drawn, so its measures need no sorting:
 * those of {@link RocCurve} over the texts repeated as often.
 */
public final class Ranking {
    private final int[] order;
    private final boolean[] isPositive;
    private final boolean[] endsTie;

    private Ranking(int[] order, boolean[] isPositive, boolean[] endsTie) {
        this.order = order;
        this.isPositive = isPositive;
        this.endsTie = endsTie;
    }

    /** The ranking by these scores; higher means more positive. */
    public static Ranking of(boolean[] labels, double[] scores) {
        Scores.check(labels, scores);
        int n = scores.length;
        int[] order = IntStream.range(0, n)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -scores[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        boolean[] isPositive = new boolean[n];
        boolean[] endsTie = new boolean[n];
        for (int k = 0; k < n; k++) {
            isPositive[k] = labels[order[k]];
            endsTie[k] = k == n - 1 || scores[order[k]] != scores[order[k + 1]];
        }
        return new Ranking(order, isPositive, endsTie);
    }

    /** Average precision and true-positive rate at a false-positive rate. */
    public record Measures(double averagePrecision, double tprAtFpr) {
        /** These minus others. */
        public Measures minus(Measures other) {
            return new Measures(averagePrecision - other.averagePrecision, tprAtFpr - other.tprAtFpr);
        }
    }

    /**
     * The measures of a resample that has both classes.
     *
     * @param times how often each text was drawn
     * @param positives drawn in all
     * @param negatives drawn in all
     * @param limit highest false-positive rate
     */
    public Measures measures(int[] times, int positives, int negatives, double limit) {
        int truePositives = 0;
        int falsePositives = 0;
        int before = 0;
        int allowed = 0;
        double precisions = 0;
        double most = limit * negatives * (1 + RocCurve.SLACK);
        for (int k = 0; k < order.length; k++) {
            if (isPositive[k]) {
                truePositives += times[order[k]];
            } else {
                falsePositives += times[order[k]];
            }
            if (endsTie[k]) {
                if (truePositives > before) {
                    precisions += (truePositives - before) * (double) truePositives / (truePositives + falsePositives);
                    before = truePositives;
                }
                if (falsePositives <= most) {
                    allowed = truePositives;
                }
            }
        }
        return new Measures(precisions / positives, (double) allowed / positives);
    }
}
