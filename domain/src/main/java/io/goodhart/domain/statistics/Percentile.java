package io.goodhart.domain.statistics;

import java.util.Arrays;

/** Percentiles with linear interpolation between order statistics: x_(h), h = (n − 1)·q. Hyndman and Fan 1996, definition 7. */
public final class Percentile {
    private Percentile() {}

    /** The q-quantile, 0 ≤ q ≤ 1, of values in any order. */
    public static double of(double[] values, double q) {
        if (values.length == 0 || !(q >= 0 && q <= 1)) {
            throw new IllegalArgumentException(
                    "Need values and 0 <= q <= 1, got " + values.length + " values and q = " + q);
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        double position = (sorted.length - 1) * q;
        int below = (int) Math.floor(position);
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
    }

    /** The central interval that holds this share of the values. */
    public static Interval central(double[] values, double level) {
        Levels.check(level);
        return new Interval(of(values, (1 - level) / 2), of(values, (1 + level) / 2));
    }
}
