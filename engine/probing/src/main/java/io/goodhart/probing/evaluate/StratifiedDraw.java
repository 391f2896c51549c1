package io.goodhart.probing.evaluate;

import io.goodhart.domain.SplitMix;
import java.util.stream.IntStream;

/**
 * Resamples of labelled texts with replacement: as many positives from the positives and negatives from the negatives as there are,
 * so that no resample lacks a class. Efron and Tibshirani 1993, An Introduction to the Bootstrap, section 8.3.
 */
public final class StratifiedDraw {
    private final int texts;
    private final int[] positives;
    private final int[] negatives;

    public StratifiedDraw(boolean[] labels) {
        this.texts = labels.length;
        this.positives = IntStream.range(0, texts).filter(i -> labels[i]).toArray();
        this.negatives = IntStream.range(0, texts).filter(i -> !labels[i]).toArray();
        if (positives.length == 0 || negatives.length == 0) {
            throw new IllegalArgumentException("A resample needs both classes, got %d positive and %d negative"
                    .formatted(positives.length, negatives.length));
        }
    }

    /** How often each text is drawn in the next resample. */
    public int[] next(SplitMix random) {
        int[] times = new int[texts];
        for (int[] stratum : new int[][] {positives, negatives}) {
            for (int i = 0; i < stratum.length; i++) {
                times[stratum[random.below(stratum.length)]]++;
            }
        }
        return times;
    }

    public int positives() {
        return positives.length;
    }

    public int negatives() {
        return negatives.length;
    }
}
