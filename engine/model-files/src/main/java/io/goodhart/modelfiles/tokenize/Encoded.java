package io.goodhart.modelfiles.tokenize;

import java.util.Arrays;
import java.util.BitSet;

/**
 * A text as tokens, each with its place in the text. A token of several bytes that make up one character repeats the
 * character's place.
 */
public final class Encoded {
    private final int[] ids;
    private final int[] starts;
    private final int[] ends;
    private final BitSet special;

    Encoded(int[] ids, int[] starts, int[] ends, BitSet special) {
        this.ids = ids;
        this.starts = starts;
        this.ends = ends;
        this.special = special;
    }

    /** Number of tokens. */
    public int size() {
        return ids.length;
    }

    /** All ids; a copy. */
    public int[] ids() {
        return ids.clone();
    }

    /** Where token i begins, in units of a Java String. */
    public int start(int i) {
        return starts[i];
    }

    /** Where token i ends, exclusive, in units of a Java String. */
    public int end(int i) {
        return ends[i];
    }

    /** Whether token i was added and is not part of the text. */
    public boolean isAdded(int i) {
        return special.get(i);
    }

    /**
     * The ids with the text cut at its end so that no more than this many are left; what was added in front and behind stays.
     */
    int[] truncated(int maxLength) {
        if (ids.length <= maxLength) {
            return ids.clone();
        }
        int front = special.nextClearBit(0);
        int behind = ids.length - 1 - special.previousClearBit(ids.length - 1);
        int kept = maxLength - front - behind;
        if (front + behind >= ids.length || kept < 0) {
            throw new IllegalArgumentException(
                    "Need room for %d added tokens, got %d".formatted(front + behind, maxLength));
        }
        int[] result = Arrays.copyOf(ids, maxLength);
        System.arraycopy(ids, ids.length - behind, result, front + kept, behind);
        return result;
    }
}
