package io.goodhart.probing.fit;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The threshold t with the highest accuracy of "positive iff p ≥ t" on calibration examples. Candidates are 0, the midpoints of
 * neighbouring distinct scores, and 1. Among equals the one nearest to ½ wins, then the lower. Wehner and Fritz 2025,
 * arXiv:2510.21531, section 3 (which does not state the candidates nor the tie rule).
 *
 * @param threshold in [0, 1]
 * @param accuracy on the calibration examples
 */
public record ThresholdCalibration(double threshold, double accuracy) {
    private static final double MIDDLE = 0.5;

    /** Calibrates on these probabilities, one or more; one class is enough. */
    public static ThresholdCalibration of(boolean[] labels, double[] probabilities) {
        if (labels.length != probabilities.length) {
            throw new IllegalArgumentException(
                    "Need a label for each score, got " + labels.length + " and " + probabilities.length);
        }
        if (labels.length == 0) {
            throw new InvalidInputException(new Problem("no_examples", null, "There are no calibration examples"));
        }
        int bestRight = -1;
        double best = 0;
        for (double candidate : candidates(probabilities)) { // ascending, so the lower of equals comes first
            int right = 0;
            for (int i = 0; i < labels.length; i++) {
                right += (probabilities[i] >= candidate) == labels[i] ? 1 : 0;
            }
            boolean nearer = Math.abs(candidate - MIDDLE) < Math.abs(best - MIDDLE);
            if (right > bestRight || (right == bestRight && nearer)) {
                bestRight = right;
                best = candidate;
            }
        }
        return new ThresholdCalibration(best, (double) bestRight / labels.length);
    }

    /**
     * The lowest threshold that flags at most this share of the negative examples: a number of texts that shall not be flagged chooses
     * it, not the positives. Candidates are those of {@link #of}. Goldowsky-Dill et al. 2025, arXiv:2502.03407, section 3, set theirs
     * on a control set in this way.
     *
     * @param fpr in [0, 1)
     * @throws InvalidInputException with code {@code no_examples} if there is no negative example
     */
    public static ThresholdCalibration atFalsePositiveRate(boolean[] labels, double[] probabilities, double fpr) {
        double[] negatives = IntStream.range(0, labels.length)
                .filter(i -> !labels[i])
                .mapToDouble(i -> probabilities[i])
                .toArray();
        if (negatives.length == 0) {
            throw new InvalidInputException(new Problem(
                    "no_examples",
                    "probes.threshold",
                    "No calibration example is negative: there is no rate of false positives"));
        }
        double most = fpr * negatives.length;
        for (double candidate : candidates(probabilities)) {
            if (Arrays.stream(negatives).filter(p -> p >= candidate).count() <= most) {
                return new ThresholdCalibration(candidate, accuracy(labels, probabilities, candidate));
            }
        }
        return new ThresholdCalibration(1, accuracy(labels, probabilities, 1));
    }

    private static double accuracy(boolean[] labels, double[] probabilities, double threshold) {
        long right = IntStream.range(0, labels.length)
                .filter(i -> (probabilities[i] >= threshold) == labels[i])
                .count();
        return (double) right / labels.length;
    }

    private static double[] candidates(double[] probabilities) {
        double[] distinct = Arrays.stream(probabilities).sorted().distinct().toArray();
        double[] candidates = new double[distinct.length + 1];
        for (int k = 1; k < distinct.length; k++) {
            candidates[k] = (distinct[k - 1] + distinct[k]) / 2;
        }
        candidates[distinct.length] = 1;
        return candidates;
    }
}
