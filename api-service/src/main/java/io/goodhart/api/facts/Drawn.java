package io.goodhart.api.facts;

import java.util.List;
import java.util.stream.Stream;

/**
 * Rows as an experiment draws them.
 *
 * @param fingerprints what they are known by ({@link io.goodhart.datasets.Words#fingerprint}), in the order in which they are drawn
 * @param longest tokens of the longest text, or of the longest prompt of pairs
 * @param longestWhole tokens of the longest text, or of the longest prompt with its longer completion
 * @param tooLong rows that are longer than the model's context
 */
record Drawn(List<Long> fingerprints, int longest, int longestWhole, int tooLong) {
    static final Drawn NOTHING = new Drawn(List.of(), 0, 0, 0);

    Drawn {
        fingerprints = List.copyOf(fingerprints);
    }

    /** Both, one behind the other. */
    Drawn plus(Drawn other) {
        return new Drawn(
                Stream.concat(fingerprints.stream(), other.fingerprints.stream())
                        .toList(),
                Math.max(longest, other.longest),
                Math.max(longestWhole, other.longestWhole),
                tooLong + other.tooLong);
    }

    int count() {
        return fingerprints.size();
    }
}
