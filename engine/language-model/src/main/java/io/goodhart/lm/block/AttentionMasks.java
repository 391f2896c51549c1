package io.goodhart.lm.block;

import io.goodhart.modelfiles.config.AttentionLayout.Scores;
import io.goodhart.tensor.Kernels;
import io.goodhart.tensor.Tensor;
import io.goodhart.tensor.Tensors;
import java.util.HashMap;
import java.util.Map;

/**
 * Which token of a batch attends to which. Every token attends to itself, so that no row of a softmax is empty; padding at the
 * end needs no mask, because no token looks ahead.
 */
public final class AttentionMasks implements AttentionPattern {
    private final RowShape shape;
    private final int length;
    private final int[] padding;
    private final boolean leftPadded;
    private final Map<Integer, Tensor> byWindow = new HashMap<>();

    /**
     * Masks for a batch.
     *
     * @param length T, padding included
     * @param paddingInFront for each row the number of padding tokens before its first token
     */
    public AttentionMasks(int length, int[] paddingInFront) {
        this(RowShape.plain(length), paddingInFront);
    }

    private AttentionMasks(RowShape shape, int... paddingInFront) {
        this.shape = shape;
        this.length = shape.length();
        this.padding = paddingInFront.clone();
        boolean padded = false;
        for (int count : paddingInFront) {
            padded |= count > 0;
        }
        this.leftPadded = padded;
    }

    /** Masks for rows of one shape without padding. */
    static AttentionMasks of(RowShape shape, int rows) {
        return new AttentionMasks(shape, new int[rows]);
    }

    @Override
    public void prepare(Scores scores) {
        if (!isPlain(scores)) {
            byWindow.computeIfAbsent(effective(scores.window()), this::make);
        }
    }

    /** Whether it is causal attention and nothing else, which needs no mask. */
    private boolean isPlain(Scores scores) {
        return !leftPadded && !shape.isForked() && effective(scores.window()) == length && scores.softcap() == 0;
    }

    private int effective(int window) {
        return window == 0 ? length : Math.min(window, length);
    }

    @Override
    public Tensor attend(Tensor queriesBHTK, Tensor keysBGTK, Tensor valuesBGTK, Scores scores) {
        if (isPlain(scores)) {
            return Kernels.best().causalAttention(queriesBHTK, keysBGTK, valuesBGTK, scores.scale());
        }
        Tensor mask = byWindow.get(effective(scores.window()));
        if (mask == null) {
            throw new IllegalStateException("The masks were not prepared for " + scores);
        }
        return Attention.attend(queriesBHTK, keysBGTK, valuesBGTK, mask, scores);
    }

    /** [B,1,T,T], or [1,1,T,T] if the rows do not differ; true where the row's token may see the column's. */
    private Tensor make(int window) {
        int rows = leftPadded ? padding.length : 1;
        boolean[] mask = new boolean[Math.multiplyExact(rows, Math.multiplyExact(length, length))];
        for (int row = 0; row < rows; row++) {
            int first = leftPadded ? padding[row] : 0;
            for (int query = 0; query < length; query++) {
                int at = (row * length + query) * length;
                for (int key = first; key < query; key++) {
                    int distance = shape.position(query) - shape.position(key);
                    mask[at + key] = distance < window && shape.follows(query, key);
                }
                mask[at + query] = true;
            }
        }
        return Tensors.of(mask, rows, 1, length, length);
    }
}
