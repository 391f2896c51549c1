package io.goodhart.probing.direction;

import io.goodhart.probing.DenseVector;
import java.util.List;

/**
 * Pairwise cosines wᵢ·wⱼ / (‖wᵢ‖‖wⱼ‖) of weight vectors, in [−1, 1]. Wehner and Fritz 2025, arXiv:2510.21531, appendix A. Say which
 * weights: those on standardised features and the folded ones have different cosines.
 */
public final class CosineMatrix {
    private CosineMatrix() {}

    /** The cosines of vectors of equal size, none of length zero, row by row. */
    public static List<List<Double>> of(List<DenseVector> vectors) {
        return vectors.stream()
                .map(a -> vectors.stream().map(b -> cosine(a, b)).toList())
                .toList();
    }

    /** a·b / (‖a‖‖b‖), both of non-zero length. */
    public static double cosine(DenseVector a, DenseVector b) {
        double norms = a.norm() * b.norm();
        if (norms == 0) {
            throw new IllegalArgumentException("A vector of length zero has no direction");
        }
        return Math.clamp(a.dot(b) / norms, -1, 1);
    }
}
