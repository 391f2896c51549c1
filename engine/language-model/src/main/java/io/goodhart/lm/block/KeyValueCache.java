package io.goodhart.lm.block;

import io.goodhart.modelfiles.config.AttentionLayout.Scores;
import io.goodhart.tensor.Scope;
import io.goodhart.tensor.Tensor;
import io.goodhart.tensor.TensorStore;
import io.goodhart.tensor.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keys and values of the tokens so far, for rows that end at the same place: row b begins after {@code padding[b]} unused
 * places. Memory is taken once for the longest sequence that may come.
 */
public final class KeyValueCache implements AutoCloseable {
    private static final String VALID = "valid";

    private final int capacity;
    private final int[] padding;
    private final TensorStore store = new TensorStore();
    private int filled;
    private int adding;
    private @Nullable AttentionMasks prompt;
    private @Nullable Tensor validB11S;

    /**
     * An empty cache.
     *
     * @param paddingInFront for each row the number of unused places before its first token
     * @param capacity places per row
     */
    public KeyValueCache(int[] paddingInFront, int capacity) {
        this.padding = paddingInFront.clone();
        this.capacity = capacity;
    }

    /** Rows. */
    public int rows() {
        return padding.length;
    }

    /** Places in use. */
    public int filled() {
        return filled;
    }

    /** Whether another token of every row can be kept. */
    public boolean hasRoom() {
        return filled < capacity;
    }

    /** For each row the number of unused places before its first token. */
    public int[] padding() {
        return padding.clone();
    }

    /** Announces the next tokens of every row; the pass that follows brings their keys and values. */
    public void begin(int tokens) {
        if (filled + tokens > capacity) {
            throw new IllegalStateException(
                    "No room for %d tokens behind %d in a cache of %d".formatted(tokens, filled, capacity));
        }
        if (tokens > 1 && filled > 0) {
            throw new IllegalStateException("Only one token at a time can follow the prompt");
        }
        adding = tokens;
    }

    /** Makes what the blocks of the pass share. To be called outside the scope of a block. */
    public void prepare(Scores scores, AttentionMasks masks) {
        if (filled == 0) {
            masks.prepare(scores);
            prompt = masks;
        } else {
            makeMask();
        }
    }

    private void makeMask() {
        if (validB11S == null && Arrays.stream(padding).anyMatch(count -> count > 0)) {
            validB11S = store.add(VALID, valid());
        }
    }

    /** Keys [B,G,S,K] and values of every layer in turn, with room behind {@link #filled()}; there must have been a prompt. */
    public List<Tensor> layers() {
        return store.asMap().entrySet().stream()
                .filter(entry -> !entry.getKey().equals(VALID))
                .map(Map.Entry::getValue)
                .toList();
    }

    /** True where a place is in use, [B,1,1,S]; empty if every place is. */
    public List<Tensor> mask() {
        makeMask();
        return validB11S == null ? List.of() : List.of(validB11S);
    }

    /** First place that the next token sees through a window; 0: no window. */
    public int firstInside(int window) {
        return window == 0 ? 0 : Math.max(0, filled + 1 - window);
    }

    /** Ends the pass that {@link #begin} announced. */
    public void end() {
        filled += adding;
        adding = 0;
        prompt = null;
    }

    private Tensor valid() {
        boolean[] valid = new boolean[padding.length * capacity];
        for (int row = 0; row < padding.length; row++) {
            Arrays.fill(valid, row * capacity + padding[row], (row + 1) * capacity, true);
        }
        return Tensors.of(valid, padding.length, 1, 1, capacity);
    }

    Tensor attend(int layer, Tensor queriesBHTK, Tensor keysBGTK, Tensor valuesBGTK, Scores scores) {
        Tensor keys = layer("keys.", layer, keysBGTK);
        Tensor values = layer("values.", layer, valuesBGTK);
        keys.assign(2, filled, keysBGTK);
        values.assign(2, filled, valuesBGTK);
        if (prompt != null) {
            return prompt.attend(queriesBHTK, keysBGTK, valuesBGTK, scores);
        }
        int to = filled + 1;
        int from = firstInside(scores.window());
        Tensor mask = validB11S == null ? null : validB11S.slice(3, from, to);
        long batch = queriesBHTK.size(0);
        long groups = keysBGTK.size(1);
        long dHead = queriesBHTK.size(3);
        // One token per row: the heads that share a key can stand where its queries would, [B,H,1,K] -> [B,G,H/G,K]
        Tensor grouped = queriesBHTK.reshape(batch, groups, queriesBHTK.size(1) / groups, dHead);
        Tensor mixed = Attention.attend(grouped, keys.slice(2, from, to), values.slice(2, from, to), mask, scores);
        return mixed.reshape(batch, queriesBHTK.size(1), 1, dHead);
    }

    private Tensor layer(String kind, int layer, Tensor like) {
        String name = kind + layer;
        if (!store.contains(name)) {
            store.add(name, Tensors.zeros(like.size(0), like.size(1), capacity, like.size(3)));
        }
        return store.get(name);
    }

    /** Some rows of a cache; rows may be left out or repeated. */
    public record Selection(KeyValueCache cache, List<Integer> rows) {
        public Selection {
            rows = List.copyOf(rows);
        }

        private int length(int row) {
            return cache.filled - cache.padding[row];
        }

        private int longest() {
            return rows.stream().mapToInt(this::length).max().orElse(0);
        }
    }

    /**
     * A cache with copies of rows of others, one selection behind the other, all ending at the same place and with no more
     * padding than the longest row asks for.
     *
     * @param room places for tokens to come
     */
    public static KeyValueCache join(List<Selection> selections, int room) {
        int width = selections.stream().mapToInt(Selection::longest).max().orElse(0);
        int[] padding = selections.stream()
                .flatMapToInt(selection -> selection.rows().stream().mapToInt(row -> width - selection.length(row)))
                .toArray();
        KeyValueCache joined = new KeyValueCache(padding, width + room);
        joined.filled = width;
        int first = 0;
        for (Selection selection : selections) {
            joined.copy(selection, first, width);
            first += selection.rows().size();
        }
        return joined;
    }

    private void copy(Selection selection, int firstRow, int width) {
        KeyValueCache source = selection.cache();
        int used = Math.min(width, source.filled);
        int count = selection.rows().size();
        if (count == 0) {
            return;
        }
        try (Scope scope = Scope.open()) {
            int[] rows = selection.rows().stream().mapToInt(Integer::intValue).toArray();
            Tensor index = Tensors.of(rows, count);
            for (String name : source.store.names()) {
                if (name.equals(VALID)) {
                    continue;
                }
                Tensor values = source.store.get(name).slice(2, (long) source.filled - used, source.filled);
                if (!store.contains(name)) {
                    store.add(name, Tensors.zeros(padding.length, values.size(1), capacity, values.size(3)));
                }
                Tensor target = store.get(name).slice(0, firstRow, (long) firstRow + count);
                target.assign(2, (long) width - used, values.indexSelect(0, index));
            }
        }
    }

    @Override
    public void close() {
        store.close();
    }
}
