package io.goodhart.trainer.execute;

import java.util.Arrays;
import java.util.List;

/** Pooled activations of texts as one matrix. */
final class Pooled {
    /** Stands for the activations of a text without a token. */
    static final float[] NOTHING = {};

    private Pooled() {}

    /** [N,D], row-major; a text without a token becomes a row of NaN. */
    static float[] matrix(List<float[]> rows) {
        int width = rows.stream().mapToInt(row -> row.length).max().orElse(0);
        float[] values = new float[Math.multiplyExact(rows.size(), width)];
        for (int n = 0; n < rows.size(); n++) {
            if (rows.get(n).length == 0) {
                Arrays.fill(values, n * width, (n + 1) * width, Float.NaN);
            } else {
                System.arraycopy(rows.get(n), 0, values, n * width, width);
            }
        }
        return values;
    }
}
