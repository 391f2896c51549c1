package io.goodhart.domain.statistics;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Family-wise correction of m p-values: p̃_(i) = max_{j ≤ i} min(1, (m − j + 1)·p_(j)), p_(1) ≤ … ≤ p_(m).
 * Holm 1979, Scandinavian Journal of Statistics 6, p. 65.
 */
public final class Holm {
    private Holm() {}

    /** The adjusted p-values, in the order given. */
    public static double[] adjusted(double[] pValues) {
        int m = pValues.length;
        for (double p : pValues) {
            if (!(p >= 0 && p <= 1)) { // so that NaN fails too
                throw new IllegalArgumentException("Need p-values between 0 and 1, got " + Arrays.toString(pValues));
            }
        }
        int[] order = IntStream.range(0, m)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> pValues[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        double[] adjusted = new double[m];
        double running = 0;
        for (int rank = 0; rank < m; rank++) {
            running = Math.max(running, Math.min(1, (m - rank) * pValues[order[rank]]));
            adjusted[order[rank]] = running;
        }
        return adjusted;
    }
}
