package io.goodhart.lm.model;

import java.util.Arrays;
import java.util.List;

/** Token ids of several sequences, padded to one length T on one side. */
public final class TokenBatch {
    /** Where padding stands. Right is for reading, left for going on. */
    public enum Padding {
        LEFT,
        RIGHT
    }

    private final int[][] sequences;
    private final Padding side;
    private final int length;

    private TokenBatch(int[][] sequences, Padding side) {
        this.sequences = sequences;
        this.side = side;
        this.length = Arrays.stream(sequences).mapToInt(ids -> ids.length).max().orElse(0);
    }

    /** Padded behind. */
    public static TokenBatch rightPadded(List<int[]> sequences) {
        return of(sequences, Padding.RIGHT);
    }

    /** Padded in front, so that all sequences end at the same place. */
    public static TokenBatch leftPadded(List<int[]> sequences) {
        return of(sequences, Padding.LEFT);
    }

    private static TokenBatch of(List<int[]> sequences, Padding side) {
        if (sequences.isEmpty() || sequences.stream().anyMatch(ids -> ids.length == 0)) {
            throw new IllegalArgumentException("Need at least one sequence and no empty one");
        }
        return new TokenBatch(sequences.stream().map(int[]::clone).toArray(int[][]::new), side);
    }

    /** B. */
    public int rows() {
        return sequences.length;
    }

    /** T, padding included. */
    public int length() {
        return length;
    }

    /** Number of tokens of a row, padding left out. */
    public int length(int row) {
        return sequences[row].length;
    }

    /** Number of tokens, padding left out. */
    public int tokens() {
        return Arrays.stream(sequences).mapToInt(ids -> ids.length).sum();
    }

    /** Side of the padding. */
    public Padding side() {
        return side;
    }

    /** The token at a place of a row's sequence, counted from the sequence's first token. */
    public int token(int row, int place) {
        return sequences[row][place];
    }

    /** Where on the T axis a row's sequence begins. */
    public int start(int row) {
        return side == Padding.LEFT ? length - sequences[row].length : 0;
    }

    /** Index on the flattened [B·T] axis of a token. */
    public int flatIndex(int row, int place) {
        return row * length + start(row) + place;
    }

    /** [B·T] token ids; 0 at padding, which no token sees. */
    long[] ids() {
        long[] ids = new long[rows() * length];
        for (int row = 0; row < rows(); row++) {
            for (int place = 0; place < sequences[row].length; place++) {
                ids[flatIndex(row, place)] = sequences[row][place];
            }
        }
        return ids;
    }

    /** [B·T] positions, counted from each sequence's first token; 0 at padding. */
    long[] positions() {
        long[] positions = new long[rows() * length];
        for (int row = 0; row < rows(); row++) {
            for (int place = 0; place < sequences[row].length; place++) {
                positions[flatIndex(row, place)] = place;
            }
        }
        return positions;
    }

    /** For each row the padding in front. */
    int[] starts() {
        int[] starts = new int[rows()];
        Arrays.setAll(starts, this::start);
        return starts;
    }
}
