package io.goodhart.tensor;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Operations that are worth a fast path. {@link ReferenceKernels} writes them in plain tensor operations,
 * {@link TorchScriptKernels} calls fused ones; tests hold the two together, forward and backward.
 */
public sealed interface Kernels permits Bfloat16Kernels, ReferenceKernels, TorchScriptKernels {
    /** The fast kernels in the thread's precision. */
    static Kernels best() {
        return switch (ThreadState.current().precision) {
            case FLOAT32 -> TorchScriptKernels.shared();
            case BFLOAT16 -> Bfloat16Kernels.shared();
        };
    }

    /** The readable kernels. */
    static Kernels reference() {
        return new ReferenceKernels();
    }

    /**
     * softmax(scale · Q·Kᵀ + mask) · V. With fewer key/value heads than query heads, query head h reads head h·G/H.
     *
     * @param queriesBHTK queries of T positions
     * @param keysBGSK keys of S positions
     * @param valuesBGSK values of S positions
     * @param mask BOOL, true where a query may attend, or a floating addend, broadcast to [B,H,T,S]; a query without any key
     *     gives zeros; null: every query attends to every key
     * @return [B,H,T,K]
     */
    Tensor attention(Tensor queriesBHTK, Tensor keysBGSK, Tensor valuesBGSK, @Nullable Tensor mask, double scale);

    /**
     * {@link #attention} with soft-capped scores: softmax(c·tanh(scale · Q·Kᵀ / c) + mask) · V. Gemma Team 2024,
     * arXiv:2408.00118, section 2.
     *
     * @param softcap c
     */
    Tensor cappedAttention(
            Tensor queriesBHTK,
            Tensor keysBGSK,
            Tensor valuesBGSK,
            @Nullable Tensor mask,
            double scale,
            double softcap);

    /** Attention with the causal mask s ≤ t, for T = S, without making the mask. */
    Tensor causalAttention(Tensor queriesBHTK, Tensor keysBGTK, Tensor valuesBGTK, double scale);

    /** Root mean square norm over the last axis: x / √(mean(x²) + ε) · w. */
    Tensor rmsNorm(Tensor x, Tensor weightD, double epsilon);

    /** Root mean square norm with 1 + w for w, as Gemma stores it. */
    default Tensor shiftedRmsNorm(Tensor x, Tensor weightD, double epsilon) {
        return rmsNorm(x, weightD.shifted(1), epsilon);
    }

    /** x·Wᵀ + b for x [...,I]: a linear module of a block. */
    default Tensor linear(Tensor x, Tensor weightOI, @Nullable Tensor biasO) {
        return biasO == null ? x.linear(weightOI) : x.linear(weightOI, biasO);
    }

    /** x·Wᵀ + b + scale·x·Aᵀ·Bᵀ for x [...,I]: a linear module with a low-rank adapter. */
    default Tensor adaptedLinear(Tensor x, Tensor weightOI, @Nullable Tensor biasO, LowRank lowRank) {
        lowRank.check(x, weightOI);
        Tensor narrow = linear(x, lowRank.downRI(), null).scaled(lowRank.scale());
        return linear(x, weightOI, biasO).plus(linear(narrow, lowRank.upOR(), null));
    }

    /** Layer norm over the last axis: (x − mean) / √(var + ε) · w + b. */
    Tensor layerNorm(Tensor x, Tensor weightD, Tensor biasD, double epsilon);

    /** x/2 · (1 + tanh(√(2/π) · (x + 0.044715·x³))). */
    Tensor geluTanh(Tensor x);

    /** x · σ(x). */
    Tensor silu(Tensor x);

    /**
     * log softmax(scores)[target] per row, in nats. Scores exist for {@code chunk} rows at a time, forward and backward;
     * differentiable (once) in the hidden states and in W_U.
     *
     * @param hiddenND rows to score, N flattened positions
     * @param targetsN token ids, INT64
     * @param chunk rows per chunk, see {@link #chunkFor}
     * @return [N]
     */
    default Tensor tokenLogProbs(Tensor hiddenND, VocabularyHead head, Tensor targetsN, int chunk) {
        return Unembedding.logProbs(null, hiddenND, head, targetsN, chunk);
    }

    /** {@link #tokenLogProbs} with the numbers that training logs: entropy, best token, mean score; those carry no gradient. */
    default TokenScores tokenScores(Tensor hiddenND, VocabularyHead head, Tensor targetsN, int chunk) {
        return Unembedding.scores(null, hiddenND, head, targetsN, chunk);
    }

    /**
     * Σ_v p_ref (log p_ref − log p) per row, in nats, in chunks like {@link #tokenLogProbs}; differentiable (once) in
     * {@code hiddenND} and the W_U of {@code head}, never in the reference.
     *
     * @param referenceND hidden rows of the reference model
     * @param referenceHead head of the reference model
     * @return [N]
     */
    default Tensor tokenDivergence(
            Tensor hiddenND, VocabularyHead head, Tensor referenceND, VocabularyHead referenceHead, int chunk) {
        return Unembedding.divergence(null, hiddenND, head, referenceND, referenceHead, chunk);
    }

    /** Rows per chunk that keep the logits of one chunk near 64 MiB of float32. */
    static int chunkFor(long vocabulary) {
        return (int) Math.max(16, (1L << 24) / vocabulary);
    }

    /** One AdamW update of every parameter in place; {@code step} counts from 1. */
    void adamW(AdamWTensors tensors, AdamWSettings settings, double learningRate, long step);

    /** √Σ_i ‖x_i‖² over all tensors. */
    double globalNorm(List<Tensor> tensors);

    /** Multiplies every tensor in place. */
    void scaleInPlace(List<Tensor> tensors, double factor);

    /**
     * Draws one token per row: logits / temperature, the {@code topK} best, of these the smallest set with probability
     * {@code topP}, then the inverse of the cumulative distribution at {@code uniformsB}. A row's result depends only on its
     * logits and its number, not on the batch.
     *
     * @param logitsBV finite: what is drawn from others is not defined
     * @param uniformsB FLOAT32 or FLOAT64 in [0, 1), one per row
     * @return token ids [B], INT64
     */
    Tensor sample(Tensor logitsBV, Sampling sampling, Tensor uniformsB);
}
