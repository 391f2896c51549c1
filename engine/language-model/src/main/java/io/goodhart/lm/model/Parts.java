package io.goodhart.lm.model;

import io.goodhart.lm.block.Block;
import io.goodhart.lm.block.Norm;
import io.goodhart.lm.block.Rotary;
import io.goodhart.tensor.Tensor;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A decoder put together: what a family has to say.
 *
 * @param embeddingVD token embedding
 * @param embeddingScale what it is multiplied by
 * @param positionsCD learned positions, added to the embedding; null: none
 * @param headVD vocabulary projection; the token embedding if tied
 * @param rotaries rotary positions that the blocks use
 */
record Parts(
        Tensor embeddingVD,
        double embeddingScale,
        @Nullable Tensor positionsCD,
        List<Block> blocks,
        Norm finalNorm,
        Tensor headVD,
        List<Rotary> rotaries) {
    Parts {
        blocks = List.copyOf(blocks);
        rotaries = List.copyOf(rotaries);
    }

    /** Windows of the attentions; 0 stands for none. */
    Set<Integer> windows() {
        Set<Integer> windows = new TreeSet<>();
        blocks.forEach(block -> windows.add(block.attention().window()));
        return windows;
    }
}
