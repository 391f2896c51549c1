package io.goodhart.lm.block;

import io.goodhart.tensor.Tensor;

/** Which token of a forward pass attends to which, beyond the window of a block. */
public sealed interface AttentionPattern permits AttentionMasks, PackedRows {
    /** Makes what a window (0: none) needs, so that the blocks need not. To be called outside the scope of a block. */
    void prepare(int window);

    /** Every token attends to what it may see within the window: [B,H,T,K]. */
    Tensor attend(Tensor queriesBHTK, Tensor keysBGTK, Tensor valuesBGTK, int window, double scale);
}
