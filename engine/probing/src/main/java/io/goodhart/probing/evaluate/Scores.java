package io.goodhart.probing.evaluate;

import java.util.Arrays;

/** Checks and splits of scores with labels. */
final class Scores {
    private Scores() {}

    static void check(boolean[] labels, double[] scores) {
        if (labels.length != scores.length) {
            throw new IllegalArgumentException(
                    "Need a label for each score, got " + labels.length + " and " + scores.length);
        }
        for (int i = 0; i < scores.length; i++) {
            if (!Double.isFinite(scores[i])) {
                throw new IllegalArgumentException("Score " + i + " is " + scores[i]);
            }
        }
    }

    static void checkProbabilities(boolean[] labels, double[] probabilities) {
        check(labels, probabilities);
        for (int i = 0; i < probabilities.length; i++) {
            if (!(probabilities[i] >= 0 && probabilities[i] <= 1)) {
                throw new IllegalArgumentException("Probability " + i + " is " + probabilities[i]);
            }
        }
    }

    static double[] ofClass(boolean positive, boolean[] labels, double[] scores) {
        double[] kept = new double[scores.length];
        int n = 0;
        for (int i = 0; i < scores.length; i++) {
            if (labels[i] == positive) {
                kept[n++] = scores[i];
            }
        }
        return Arrays.copyOf(kept, n);
    }
}
