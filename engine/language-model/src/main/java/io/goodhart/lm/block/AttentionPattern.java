package io.goodhart.lm.block;

import io.goodhart.modelfiles.config.AttentionLayout.Scores;
import io.goodhart.tensor.Tensor;

/** Which token of a forward pass attends to which, beyond the window of a block. */
public sealed interface AttentionPattern permits AttentionMasks, PackedRows {
    /** Makes what these scores ask for, so that the blocks need not. To be called outside the scope of a block. */
    void prepare(Scores scores);

    /** Every token attends to what it may see within the window of the scores: [B,H,T,K]. */
    Tensor attend(Tensor queriesBHTK, Tensor keysBGTK, Tensor valuesBGTK, Scores scores);
}
