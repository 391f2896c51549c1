package io.goodhart.probing.evaluate;

import java.util.OptionalDouble;

/** Area under the precision-recall curve by steps; see {@link RocCurve#averagePrecision()}. */
public final class AveragePrecision {
    private AveragePrecision() {}

    /** Mean precision at the ranks of the positives; empty with one class only. */
    public static OptionalDouble of(boolean[] labels, double[] scores) {
        return RocCurve.of(labels, scores).averagePrecision();
    }
}
