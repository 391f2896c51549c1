package io.goodhart.probing.evaluate;

import java.util.OptionalDouble;

/** Area under the receiver operating characteristic; see {@link RocCurve#auc()}. */
public final class RocAuc {
    private RocAuc() {}

    /** Probability that a positive scores above a negative, ties counting one half; empty with one class only. */
    public static OptionalDouble of(boolean[] labels, double[] scores) {
        return RocCurve.of(labels, scores).auc();
    }
}
