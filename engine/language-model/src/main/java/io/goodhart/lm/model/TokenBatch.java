package io.goodhart.lm.model;

import io.goodhart.lm.block.AttentionMasks;
import io.goodhart.lm.block.AttentionPattern;
import io.goodhart.lm.block.PackedRows;
import io.goodhart.lm.block.RowShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Token ids of several sequences and where they stand on the axes [B,T] of a forward pass: one sequence a line, padded to one
 * length, or all of them packed on one line, where sequences may share the tokens they begin with.
 */
public final class TokenBatch {
    /** Where padding stands. Right is for reading, left for going on, none for training and scoring. */
    public enum Padding {
        LEFT,
        RIGHT,
        NONE
    }

    /** Where a sequence stands on the flattened axis: {@code shared} tokens from {@code from} on, the others from {@code rest} on. */
    private record Place(int from, int shared, int rest) {
        int index(int place) {
            return place < shared ? from + place : rest + place - shared;
        }
    }

    private final int[][] sequences;
    private final Padding side;
    private final int lines;
    private final int length;
    private final Place[] places;
    private final List<RowShape> packed;

    private TokenBatch(int[][] sequences, Padding side) {
        this.sequences = sequences;
        this.side = side;
        this.lines = sequences.length;
        this.length = longest();
        this.places = new Place[lines];
        this.packed = List.of();
        Arrays.setAll(places, row -> new Place(row * length + start(row), sequences[row].length, 0));
    }

    private TokenBatch(int[][] sequences, Place[] places, List<RowShape> packed) {
        this.sequences = sequences;
        this.side = Padding.NONE;
        this.lines = 1;
        this.length = packed.stream().mapToInt(RowShape::length).sum();
        this.places = places;
        this.packed = packed;
    }

    /** Padded behind. */
    public static TokenBatch rightPadded(List<int[]> sequences) {
        return new TokenBatch(checked(sequences), Padding.RIGHT);
    }

    /** Padded in front, so that all sequences end at the same place. */
    public static TokenBatch leftPadded(List<int[]> sequences) {
        return new TokenBatch(checked(sequences), Padding.LEFT);
    }

    /** One behind the other on one line, without padding; equally long ones stand together. */
    public static TokenBatch packed(List<int[]> sequences) {
        int[][] rows = checked(sequences);
        List<RowShape> shapes =
                Arrays.stream(rows).map(row -> RowShape.plain(row.length)).toList();
        Place[] places = new Place[rows.length];
        List<RowShape> packed = place(shapes, (row, from) -> places[row] = new Place(from, rows[row].length, 0));
        return new TokenBatch(rows, places, packed);
    }

    /**
     * Packed, each prompt only once for its two completions, neither of which sees the other. Mathematically the same as the
     * 2B sequences by themselves.
     *
     * @param prompts B of them; as many completions of either kind, of at least one token each
     * @return sequences 0..B−1 are the prompts with their first completions, B..2B−1 those with the second ones
     */
    public static TokenBatch forked(List<int[]> prompts, List<int[]> firsts, List<int[]> seconds) {
        int pairs = prompts.size();
        List<int[]> sequences = new ArrayList<>();
        List<RowShape> shapes = new ArrayList<>();
        for (int pair = 0; pair < pairs; pair++) {
            sequences.add(joined(prompts.get(pair), firsts.get(pair)));
            shapes.add(new RowShape(prompts.get(pair).length, firsts.get(pair).length, seconds.get(pair).length));
        }
        for (int pair = 0; pair < pairs; pair++) {
            sequences.add(joined(prompts.get(pair), seconds.get(pair)));
        }
        Place[] places = new Place[2 * pairs];
        List<RowShape> packed = place(shapes, (pair, from) -> {
            RowShape shape = shapes.get(pair);
            places[pair] = new Place(from, shape.shared() + shape.first(), 0);
            places[pairs + pair] = new Place(from, shape.shared(), from + shape.shared() + shape.first());
        });
        return new TokenBatch(checked(sequences), places, packed);
    }

    private interface Placed {
        void at(int row, int from);
    }

    /** Gives every row its place, rows of one shape together; returns the shapes in the order of the places. */
    private static List<RowShape> place(List<RowShape> shapes, Placed placed) {
        List<Integer> order = IntStream.range(0, shapes.size())
                .boxed()
                .sorted(Comparator.comparing(
                        shapes::get,
                        Comparator.comparingInt(RowShape::length)
                                .thenComparingInt(RowShape::shared)
                                .thenComparingInt(RowShape::first)))
                .toList();
        int from = 0;
        for (int row : order) {
            placed.at(row, from);
            from += shapes.get(row).length();
        }
        return order.stream().map(shapes::get).toList();
    }

    private static int[][] checked(List<int[]> sequences) {
        if (sequences.isEmpty() || sequences.stream().anyMatch(ids -> ids.length == 0)) {
            throw new IllegalArgumentException("Need at least one sequence and no empty one");
        }
        return sequences.stream().map(int[]::clone).toArray(int[][]::new);
    }

    private static int[] joined(int[] prompt, int[] completion) {
        int[] joined = Arrays.copyOf(prompt, prompt.length + completion.length);
        System.arraycopy(completion, 0, joined, prompt.length, completion.length);
        return joined;
    }

    /** Number of sequences: B if padded. */
    public int rows() {
        return sequences.length;
    }

    /** Size of the first axis of a pass. */
    public int lines() {
        return lines;
    }

    /** T, padding included. */
    public int length() {
        return length;
    }

    /** Number of tokens of a row, padding left out. */
    public int length(int row) {
        return sequences[row].length;
    }

    /** Number of tokens of the longest sequence. */
    public int longest() {
        return Arrays.stream(sequences).mapToInt(ids -> ids.length).max().orElse(0);
    }

    /** Number of tokens of all sequences, padding left out; shared ones count for each that has them. */
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

    /** Where on the T axis a padded row's sequence begins. */
    public int start(int row) {
        return side == Padding.LEFT ? length - sequences[row].length : 0;
    }

    /** Index on the flattened [B·T] axis of a token. */
    public int flatIndex(int row, int place) {
        return places[row].index(place);
    }

    /** [B·T] token ids; 0 at padding, which no token sees. */
    long[] ids() {
        long[] ids = new long[lines * length];
        for (int row = 0; row < rows(); row++) {
            for (int place = 0; place < sequences[row].length; place++) {
                ids[flatIndex(row, place)] = sequences[row][place];
            }
        }
        return ids;
    }

    /** [B·T] positions, counted from each sequence's first token; 0 at padding. */
    long[] positions() {
        long[] positions = new long[lines * length];
        for (int row = 0; row < rows(); row++) {
            for (int place = 0; place < sequences[row].length; place++) {
                positions[flatIndex(row, place)] = place;
            }
        }
        return positions;
    }

    /** Which token sees which. */
    AttentionPattern pattern() {
        return side == Padding.NONE ? new PackedRows(packed) : masks();
    }

    /** The same of a padded batch. */
    AttentionMasks masks() {
        int[] starts = new int[rows()];
        Arrays.setAll(starts, this::start);
        return new AttentionMasks(length, starts);
    }
}
