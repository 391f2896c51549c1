package io.goodhart.domain.statistics;

import java.util.function.DoubleUnaryOperator;

/** Confidence levels, and roots by bisection. */
final class Levels {
    private static final int HALVINGS = 200;

    private Levels() {}

    static void check(double level) {
        if (!(level > 0 && level < 1)) { // so that NaN fails too
            throw new IllegalArgumentException("Need a confidence level between 0 and 1, got " + level);
        }
    }

    /** The root of a function that does not increase from {@code low} to {@code high}, to the last bit. */
    static double decreasingRoot(DoubleUnaryOperator f, double low, double high) {
        double left = low;
        double right = high;
        for (int i = 0; i < HALVINGS && left < right; i++) {
            double middle = left + (right - left) / 2;
            if (middle == left || middle == right) {
                break;
            }
            if (f.applyAsDouble(middle) > 0) {
                left = middle;
            } else {
                right = middle;
            }
        }
        return left + (right - left) / 2;
    }
}
