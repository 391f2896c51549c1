package io.goodhart.lm.parity;

import io.goodhart.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Rows of a report as they come. */
final class Differences {
    private final ReferenceValues reference;
    private final List<ParityRow> rows = new ArrayList<>();

    Differences(ReferenceValues reference) {
        this.reference = reference;
    }

    List<ParityRow> rows() {
        return rows;
    }

    /** Compares [B,T,…] at the tokens of a batch, over the standard deviation of the expected values there. */
    void atTokens(String name, Tensor actual, String batch) {
        requireShape(name, actual.shape());
        float[] expected = reference.floats(name);
        long[] mask = reference.longs(batch + ".attention_mask");
        int width = expected.length / mask.length;
        float[] values = actual.toFloats();
        Spread spread = new Spread();
        for (int i = 0; i < expected.length; i++) {
            if (mask[i / width] == 1) {
                spread.add(values[i], expected[i]);
            }
        }
        rows.add(ParityRow.of(name, spread.worst, spread.deviation(), Parity.TOLERANCE));
    }

    /** Compares all values, over their standard deviation. */
    void everywhere(String name, float[] actual, float[] expected) {
        requireShape(name, new long[] {expected.length}, new long[] {actual.length});
        rows.add(ParityRow.of(
                name, spread(actual, expected).worst, spread(actual, expected).deviation(), Parity.TOLERANCE));
    }

    /** Compares all values, over the largest expected one. */
    void overLargest(String name, Tensor actual) {
        requireShape(name, actual.shape());
        float[] expected = reference.floats(name);
        rows.add(ParityRow.of(name, spread(actual.toFloats(), expected).worst, largest(expected), Parity.TOLERANCE));
    }

    /** Compares numbers that have a scale of their own, such as probabilities. */
    void plain(String name, float[] actual) {
        float[] expected = reference.floats(name);
        requireShape(name, new long[] {expected.length}, new long[] {actual.length});
        rows.add(ParityRow.of(name, spread(actual, expected).worst, 1, Parity.TOLERANCE));
    }

    /** Compares token ids: all equal or wrong. */
    void tokens(String name, int unequal) {
        rows.add(ParityRow.of(name, unequal, 1, 0));
    }

    private void requireShape(String name, long[] actual) {
        requireShape(name, reference.shape(name), actual);
    }

    private static void requireShape(String name, long[] expected, long[] actual) {
        if (!Arrays.equals(expected, actual)) {
            throw ReferenceValues.invalid(
                    name,
                    "has shape %s, the model gives %s".formatted(Arrays.toString(expected), Arrays.toString(actual)));
        }
    }

    private static double largest(float[] expected) {
        double largest = 0;
        for (float value : expected) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }

    private static Spread spread(float[] actual, float[] expected) {
        Spread spread = new Spread();
        for (int i = 0; i < expected.length; i++) {
            spread.add(actual[i], expected[i]);
        }
        return spread;
    }

    /** The largest difference so far, and what the standard deviation needs. */
    private static final class Spread {
        private double worst;
        private double sum;
        private double squares;
        private long count;

        void add(float actual, float expected) {
            double distance = Math.abs((double) actual - expected);
            worst = Math.max(worst, Double.isNaN(distance) ? Double.POSITIVE_INFINITY : distance);
            sum += expected;
            squares += (double) expected * expected;
            count++;
        }

        double deviation() {
            double mean = sum / count;
            return Math.sqrt(Math.max(0, squares / count - mean * mean));
        }
    }
}
