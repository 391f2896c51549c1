package io.goodhart.lm.block;

/**
 * A row of tokens that may fork: {@code shared} tokens, behind them the {@code first} branch, behind that the {@code second} one,
 * which goes on from the shared tokens as if the first branch were not there.
 */
public record RowShape(int shared, int first, int second) {
    /** A plain sequence. */
    public static RowShape plain(int length) {
        return new RowShape(length, 0, 0);
    }

    /** Number of tokens. */
    public int length() {
        return shared + first + second;
    }

    boolean isForked() {
        return first > 0 && second > 0;
    }

    /** Position in its sequence of the token at a place of the row. */
    int position(int place) {
        return place < shared + first ? place : place - first;
    }

    /** Whether the token at one place comes after the one at another, or is the same. */
    boolean follows(int place, int earlier) {
        boolean acrossBranches = place >= shared + first && earlier >= shared && earlier < shared + first;
        return earlier <= place && !acrossBranches;
    }
}
