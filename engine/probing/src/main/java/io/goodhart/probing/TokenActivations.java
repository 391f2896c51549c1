package io.goodhart.probing;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Activations of N texts: for each text a run of rows of one matrix [ΣT,D], a row for each token, or a single one that its tokens were
 * pooled into. A text without tokens has no row.
 */
public final class TokenActivations {
    private final Activations rows;
    private final int[] offsets;

    private TokenActivations(Activations rows, int[] offsets) {
        this.rows = rows;
        this.offsets = offsets;
    }

    /**
     * Texts that lie one after the other.
     *
     * @param offsets first row of each text, from 0, and behind them the number of rows: N + 1 numbers that do not fall
     */
    public static TokenActivations of(Activations rows, int[] offsets) {
        if (offsets.length == 0 || offsets[0] != 0 || offsets[offsets.length - 1] != rows.n()) {
            throw new IllegalArgumentException("Offsets go from 0 to the %d rows, got %s"
                    .formatted(rows.n(), Arrays.toString(Arrays.copyOf(offsets, Math.min(4, offsets.length)))));
        }
        for (int i = 1; i < offsets.length; i++) {
            if (offsets[i] < offsets[i - 1]) {
                throw new IllegalArgumentException(
                        "Offset " + i + " falls from " + offsets[i - 1] + " to " + offsets[i]);
            }
        }
        return new TokenActivations(rows, offsets.clone());
    }

    /** A row for each text. */
    public static TokenActivations pooled(Activations rows) {
        return new TokenActivations(rows, IntStream.rangeClosed(0, rows.n()).toArray());
    }

    /** All rows of a single text. */
    public static TokenActivations ofOne(Activations rows) {
        return new TokenActivations(rows, new int[] {0, rows.n()});
    }

    /** N. */
    public int n() {
        return offsets.length - 1;
    }

    /** D. */
    public int d() {
        return rows.d();
    }

    /** Rows of all texts, one after the other [ΣT,D]. */
    public Activations rows() {
        return rows;
    }

    /** First row of a text. */
    public int from(int text) {
        return offsets[text];
    }

    /** Row behind the last of a text. */
    public int to(int text) {
        return offsets[text + 1];
    }

    /** Rows of a text. */
    public int tokens(int text) {
        return offsets[text + 1] - offsets[text];
    }

    /** Rows of the longest text; 0 for no texts. */
    public int longest() {
        return IntStream.range(0, n()).map(this::tokens).max().orElse(0);
    }

    /** A copy of the offsets. */
    public int[] offsets() {
        return offsets.clone();
    }

    /** Copies of these texts, in this order. */
    public TokenActivations texts(int[] indices) {
        int[] kept = Arrays.stream(indices)
                .flatMap(i -> IntStream.range(from(i), to(i)))
                .toArray();
        int[] next = new int[indices.length + 1];
        for (int i = 0; i < indices.length; i++) {
            next[i + 1] = next[i] + tokens(indices[i]);
        }
        return new TokenActivations(rows.rows(kept), next);
    }

    /** Numbers of the texts that have a row, ascending. */
    public int[] withRows() {
        return IntStream.range(0, n()).filter(i -> tokens(i) > 0).toArray();
    }
}
