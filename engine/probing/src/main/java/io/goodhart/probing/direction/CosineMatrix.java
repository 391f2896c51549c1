package io.goodhart.probing.direction;

import io.goodhart.probing.DenseVector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Pairwise cosines wᵢ·wⱼ / (‖wᵢ‖‖wⱼ‖) of weight vectors, in [−1, 1]. Wehner and Fritz 2025, arXiv:2510.21531, appendix A. Say which
 * weights: those on standardised features and the folded ones have different cosines.
 */
public final class CosineMatrix {
    private final List<List<Double>> rows;

    private CosineMatrix(List<List<Double>> rows) {
        this.rows = rows;
    }

    /** The cosines of vectors of equal size, none of length zero. */
    public static CosineMatrix of(List<DenseVector> vectors) {
        List<List<Double>> rows = new ArrayList<>();
        for (int i = 0; i < vectors.size(); i++) {
            List<Double> row = new ArrayList<>();
            for (int j = 0; j < vectors.size(); j++) {
                row.add(cosine(vectors.get(i), vectors.get(j)));
            }
            rows.add(List.copyOf(row));
        }
        return new CosineMatrix(List.copyOf(rows));
    }

    /** The matrix with ones on the diagonal and these values above and, mirrored, below it, row by row. */
    public static CosineMatrix ofUpperTriangle(int size, double... upper) {
        if (upper.length != size * (size - 1) / 2) {
            throw new IllegalArgumentException("Need " + size * (size - 1) / 2 + " values, got " + upper.length);
        }
        double[][] full = new double[size][size];
        int next = 0;
        for (int i = 0; i < size; i++) {
            full[i][i] = 1;
            for (int j = i + 1; j < size; j++) {
                full[i][j] = upper[next];
                full[j][i] = upper[next++];
            }
        }
        List<List<Double>> rows = new ArrayList<>();
        for (double[] row : full) {
            rows.add(Arrays.stream(row).boxed().toList());
        }
        return new CosineMatrix(List.copyOf(rows));
    }

    /** a·b / (‖a‖‖b‖), both of non-zero length. */
    public static double cosine(DenseVector a, DenseVector b) {
        double norms = a.norm() * b.norm();
        if (norms == 0) {
            throw new IllegalArgumentException("A vector of length zero has no direction");
        }
        return Math.clamp(a.dot(b) / norms, -1, 1);
    }

    public int size() {
        return rows.size();
    }

    public double get(int i, int j) {
        return rows.get(i).get(j);
    }

    /** The rows, unmodifiable. */
    public List<List<Double>> rows() {
        return rows;
    }

    /** Mean over the pairs i &lt; j; empty below two vectors, as are the others. */
    public OptionalDouble mean() {
        DoubleSummaryStatistics pairs = pairs();
        return pairs.getCount() == 0 ? OptionalDouble.empty() : OptionalDouble.of(pairs.getAverage());
    }

    public OptionalDouble min() {
        DoubleSummaryStatistics pairs = pairs();
        return pairs.getCount() == 0 ? OptionalDouble.empty() : OptionalDouble.of(pairs.getMin());
    }

    public OptionalDouble max() {
        DoubleSummaryStatistics pairs = pairs();
        return pairs.getCount() == 0 ? OptionalDouble.empty() : OptionalDouble.of(pairs.getMax());
    }

    private DoubleSummaryStatistics pairs() {
        DoubleSummaryStatistics pairs = new DoubleSummaryStatistics();
        for (int i = 0; i < size(); i++) {
            for (int j = i + 1; j < size(); j++) {
                pairs.accept(get(i, j));
            }
        }
        return pairs;
    }
}
