package io.goodhart.probing.evaluate;

import java.util.OptionalDouble;

/** Recall at a bounded rate of false alarms; see {@link RocCurve#tprAtFpr(double)}. */
public final class TprAtFpr {
    private TprAtFpr() {}

    /** Highest true-positive rate with a false-positive rate of at most {@code limit}; empty with one class only. */
    public static OptionalDouble of(boolean[] labels, double[] scores, double limit) {
        return RocCurve.of(labels, scores).tprAtFpr(limit);
    }
}
