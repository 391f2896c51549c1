package io.goodhart.domain.model;

import java.util.Collections;
import java.util.List;

/**
 * What the blocks of a model compute beside the products of their matrices, as far as their memory goes.
 *
 * @param norms norms of the residual stream, of the attention's and of the MLP's output in one block
 * @param queryKeyNorms whether queries and keys have norms of their own
 * @param rotaryDims entries of a head that rotary positions turn; 0: none
 * @param gatedMlp whether the MLP is down(act(gate(x))·up(x))
 * @param headByHead whether queries, keys and values come out of one matrix head by head, to be copied apart
 * @param cappedScores whether scores of attention are soft-capped, for which they must exist
 * @param windows of each layer: a token sees itself and the window − 1 tokens before it; 0: everything before it
 */
public record BlockFacts(
        int norms,
        boolean queryKeyNorms,
        int rotaryDims,
        boolean gatedMlp,
        boolean headByHead,
        boolean cappedScores,
        List<Integer> windows) {
    public BlockFacts {
        windows = List.copyOf(windows);
    }

    /** Of a plain block, as GPT-2 and BERT have it. */
    public static BlockFacts plain(int layers) {
        return new BlockFacts(2, false, 0, false, false, false, Collections.nCopies(layers, 0));
    }

    /** Of a block as Llama has it. */
    public static BlockFacts gated(int layers, int dHead) {
        return new BlockFacts(2, false, dHead, true, false, false, Collections.nCopies(layers, 0));
    }
}
