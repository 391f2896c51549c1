package io.goodhart.domain.validate;

import io.goodhart.domain.model.BlockFacts;
import io.goodhart.domain.model.ModelFacts;
import io.goodhart.domain.validate.TaskMemory.Batch;
import io.goodhart.domain.validate.TaskMemory.Graph;

/**
 * Memory of one block of a model, counted from its forward pass.
 *
 * <p>Symbols: D d_model, F d_mlp, Q = H·K width of the queries, G = width of the keys, r share of a head that rotary positions turn.
 */
record BlockMemory(ModelFacts model, BlockFacts block) {
    private static final long FLOAT = 4;

    /** Scores [B,H,T,T] that soft-capped attention keeps for the backward pass: c·tanh's and the softmax's. */
    private static final int KEPT_SCORES = 2;

    /** Scores that are alive together beside kept ones: a result and its gradient; without a graph two results. */
    private static final int PASSING_SCORES = 2;

    static BlockMemory of(ModelFacts model) {
        return new BlockMemory(model, model.blocks());
    }

    boolean isGated() {
        return block.gatedMlp();
    }

    /** Q. */
    long queryWidth() {
        return (long) model.heads() * model.dHead();
    }

    /** G. */
    long keyWidth() {
        return (long) model.keyValueHeads() * model.dHead();
    }

    /** Numbers per token of all results of one block: every tensor that its operations make and that is no view of another. */
    long results() {
        return residual() + mlp() + queries() + keys();
    }

    /** Norms, the outputs of attention and MLP, and two sums: D each. */
    private long residual() {
        return (block.norms() + 4L) * model.dModel();
    }

    /** Up and its activation; with a gate gate, up, activation and product: F each. */
    private long mlp() {
        return (isGated() ? 4L : 2L) * model.dMlp();
    }

    /**
     * The projection, what is attended to, and all rows on one line; the copy apart and the norm if there are such; the rotation;
     * keys and values repeated where several, but not all, queries share them; where scores exist scaled queries, and keys,
     * values and result in the order that products want. Q each.
     */
    private long queries() {
        int groups = model.keyValueHeads();
        long copies = 3L + (block.headByHead() ? 1 : 0) + (block.queryKeyNorms() ? 1 : 0);
        copies += groups > 1 && groups < model.heads() ? 2 : 0;
        copies += block.cappedScores() ? 4 : 0;
        return copies * queryWidth() + rotated(queryWidth());
    }

    /** Projections of keys and values, copied apart if they must be; the keys' norm and rotation. G each. */
    private long keys() {
        long copies = 2L + (block.headByHead() ? 2 : 0) + (block.queryKeyNorms() ? 1 : 0);
        return copies * keyWidth() + rotated(keyWidth());
    }

    /** Halves swapped, two products and their sum: 4·r; what was turned beside what was not, if r &lt; 1. */
    private long rotated(long width) {
        long turned = 4 * width * block.rotaryDims() / model.dHead();
        boolean partly = block.rotaryDims() > 0 && block.rotaryDims() < model.dHead();
        return turned + (partly ? width : 0);
    }

    /** Normalised values before they meet a norm's weights, which only those weights' gradients ask for. Layer norms make them anew. */
    long normalised() {
        long ofHeads = block.queryKeyNorms() ? queryWidth() + keyWidth() : 0;
        return isGated() ? (long) block.norms() * model.dModel() + ofHeads : 0;
    }

    /** Numbers per token of soft-capped scores that one block keeps for the backward pass: H·T each. */
    long keptScores(long length) {
        return KEPT_SCORES * scores(length);
    }

    /** The same of those that are there only while a block is computed. */
    long passingScores(long length) {
        return PASSING_SCORES * scores(length);
    }

    private long scores(long length) {
        return block.cappedScores() ? model.heads() * length : 0;
    }

    /**
     * Attention masks in bytes. Rows of one shape share them; causal attention without window, fork or cap has none. There is one of
     * bits, a byte each, for every window, and one that an attention makes of it, which a graph keeps for each block: of numbers, or
     * of bits again where scores exist.
     */
    long masks(Graph graph, Batch batch) {
        boolean everywhere = batch.forked() || block.cappedScores();
        long length = batch.length();
        long windowed = block.windows().stream().filter(w -> isShort(w, length)).count();
        long windows = block.windows().stream()
                .filter(w -> isShort(w, length))
                .distinct()
                .count();
        long masked = everywhere ? model.layers() : windowed;
        long kinds = windows + (everywhere && windowed < model.layers() ? 1 : 0);
        long alive = graph == Graph.WHOLE ? masked : Math.min(masked, 1);
        return batch.shapes() * length * length * (kinds + (block.cappedScores() ? 1 : FLOAT) * alive);
    }

    private static boolean isShort(int window, long length) {
        return window > 0 && window < length;
    }
}
