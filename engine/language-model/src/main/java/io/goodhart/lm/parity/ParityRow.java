package io.goodhart.lm.parity;

/**
 * How far one tensor is from the reference.
 *
 * @param name of the expected tensor
 * @param maxDifference largest absolute difference; infinite if a value is no number; for token ids the number of unequal ones
 * @param scale what it is divided by: the standard deviation of the expected values at tokens, for gradients the largest
 *     absolute one, 1 for probabilities, losses and token ids
 * @param ratio maxDifference/scale
 * @param tolerance the largest ratio that passes
 * @param within whether it passes
 */
public record ParityRow(
        String name, double maxDifference, double scale, double ratio, double tolerance, boolean within) {
    static ParityRow of(String name, double maxDifference, double scale, double tolerance) {
        double ratio = maxDifference == 0 ? 0 : maxDifference / scale;
        return new ParityRow(name, maxDifference, scale, ratio, tolerance, ratio <= tolerance);
    }
}
