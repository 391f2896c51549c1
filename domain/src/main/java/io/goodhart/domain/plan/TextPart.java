package io.goodhart.domain.plan;

/**
 * A part of a data set's distinct texts: texts {@code from … texts.count() - 1} of their order, so parts that do not overlap are
 * disjoint. Of balanced texts positive and negative ones alternate, so a part that starts and ends at even places is balanced.
 *
 * @param texts every text up to the part's last one
 * @param from place of its first one
 */
public record TextPart(TextSlice texts, int from) {
    /** How many texts it has. */
    public int count() {
        return texts.count() - from;
    }
}
