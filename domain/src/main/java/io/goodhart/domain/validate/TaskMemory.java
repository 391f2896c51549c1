package io.goodhart.domain.validate;

import io.goodhart.domain.model.ModelFacts;
import io.goodhart.domain.spec.AdapterSpec;
import io.goodhart.domain.spec.TrainingMode;

/**
 * Peak memory of parts of a task's work in bytes, everything in float32. What training holds is counted from the forward pass, result
 * by result of each block: what autograd does not keep, the allocator mostly cannot use again. The rest is counted, too, but for the few
 * constants that were fitted to measured peaks; docs/performance.md has the table.
 *
 * <p>Symbols: D d_model, F d_mlp, Q = H·K width of the queries, G = width of the keys, V vocabulary, L layers.
 */
public final class TaskMemory {
    /** JVM and libtorch without any model, and what their allocators keep. */
    public static final long RUNTIME = 230L << 20;

    private static final long FLOAT = 4;
    /** Logits exist for about this many numbers at a time, as the engine's kernels have it. */
    private static final long VOCABULARY_CHUNK = 1L << 24;

    private static final int SMALLEST_CHUNK = 16;
    /** Tensors of one chunk that are alive together: logits and probabilities; the weights' gradient makes them once more. */
    private static final int CHUNK_TENSORS = 2;

    private static final int CHUNK_TENSORS_WITH_GRADIENT = 4;
    /** Logits, log-probabilities and probabilities of both models. */
    private static final int CHUNK_TENSORS_OF_KL = 6;
    /** Without gradients a block's results are freed after it, but the allocator cannot use all of that again at once. Fitted. */
    private static final double FRAGMENTATION_GATED = 1.6;

    private static final double FRAGMENTATION_PLAIN = 2.5;

    /** What adapters' narrow products, gradients and the allocator add to a block's results while an adapter is trained. Fitted. */
    private static final double ADAPTED = 1.3;

    private static final int READING_TOKENS = 4096;
    private static final int CLASSIFYING_TOKENS = 8192;

    private TaskMemory() {}

    /** All weights of a model. */
    public static long weights(ModelFacts model) {
        return FLOAT * model.parameters();
    }

    /** What a trained model adds to its base: the adapted matrices once more, or everything. */
    public static long trainedWeights(ModelFacts model, TrainingMode mode) {
        return switch (mode) {
            case LORA -> FLOAT * model.layers() * matrices(model);
            case FULL -> weights(model);
        };
    }

    /**
     * Training, beside the base model.
     *
     * @param adapter the adapter; not looked at if all weights are trained
     * @param tokens tokens in one forward pass; a pair's prompt counts once
     */
    public static long training(ModelFacts model, TrainingMode mode, AdapterSpec adapter, long tokens) {
        return switch (mode) {
            case LORA -> {
                long adapterFloats = model.layers() * (long) adapter.rank() * widths(model);
                long kept = (long) (ADAPTED * model.layers() * blockFloats(model));
                yield FLOAT * (4 * adapterFloats + tokens * kept) + vocabularyChunk(model, tokens, CHUNK_TENSORS);
            }
            case FULL -> {
                long copyGradientMoments = 4 * model.parameters();
                long embeddingGradients = 2L * model.vocabulary() * model.dModel();
                long kept = model.layers() * (blockFloats(model) + normFloats(model));
                yield FLOAT * (copyGradientMoments + embeddingGradients + tokens * kept)
                        + vocabularyChunk(model, tokens, CHUNK_TENSORS_WITH_GRADIENT);
            }
        };
    }

    /**
     * What asking the reference adds to a training: a forward pass without gradient, while the policy's results wait.
     *
     * @param tokens tokens in one forward pass
     */
    public static long reference(ModelFacts model, long tokens) {
        return pass(model, tokens);
    }

    /**
     * What a KL term adds to a training: the reference, both models' hidden states and their slopes at the predicted positions, of
     * which pairs have up to two a token, and both distributions of a chunk.
     *
     * @param tokens tokens in one forward pass
     */
    public static long divergence(ModelFacts model, long tokens) {
        long positions = 2 * tokens;
        return reference(model, tokens)
                + FLOAT * 3 * positions * model.dModel()
                + vocabularyChunk(model, positions, CHUNK_TENSORS_OF_KL);
    }

    /**
     * Generating.
     *
     * @param responses responses at once
     * @param promptTokens tokens of the longest prompt
     */
    public static long generation(ModelFacts model, long responses, long promptTokens, long newTokens) {
        long perPlace = 2L * model.layers() * keyWidth(model);
        long caches = responses * perPlace * (2 * promptTokens + newTokens);
        long logits = 6L * responses * model.vocabulary();
        return FLOAT * (caches + logits) + pass(model, responses * promptTokens);
    }

    /** Log-probabilities of texts of at most so many tokens each. */
    public static long logProbs(ModelFacts model, long longest) {
        long tokens = Math.max(READING_TOKENS, longest);
        return pass(model, tokens) + vocabularyChunk(model, tokens, CHUNK_TENSORS);
    }

    /** Activations of some layers over texts of at most so many tokens each. */
    public static long collecting(ModelFacts model, long longest, int layers) {
        long tokens = Math.max(READING_TOKENS, longest);
        return pass(model, tokens) + FLOAT * layers * tokens * model.dModel();
    }

    /** Classifying texts. */
    public static long classifying(ModelFacts classifier) {
        return pass(classifier, CLASSIFYING_TOKENS);
    }

    /** A pass without gradients. */
    private static long pass(ModelFacts model, long tokens) {
        double fragmentation = isGated(model) ? FRAGMENTATION_GATED : FRAGMENTATION_PLAIN;
        return (long) (fragmentation * FLOAT * tokens * blockFloats(model));
    }

    private static long vocabularyChunk(ModelFacts model, long tokens, int tensors) {
        long rows = Math.min(tokens, Math.max(SMALLEST_CHUNK, VOCABULARY_CHUNK / model.vocabulary()));
        return tensors * FLOAT * rows * model.vocabulary();
    }

    /**
     * Numbers per token of all results of one block. With a gated MLP also rotary positions, repeated keys and values, and norms of
     * queries, keys and outputs are counted, which most such families have some of.
     */
    private static long blockFloats(ModelFacts model) {
        long d = model.dModel();
        long f = model.dMlp();
        long q = queryWidth(model);
        return isGated(model)
                ? 8 * d + 4 * f + 10 * q + 7 * keyWidth(model)
                : 6 * d + 2 * f + 3 * q + 2 * keyWidth(model);
    }

    /** Normalised values, which only the gradients of the norms' own weights ask for. */
    private static long normFloats(ModelFacts model) {
        return isGated(model) ? 4L * model.dModel() + queryWidth(model) + keyWidth(model) : 0;
    }

    /** Weights of a block's matrices. */
    private static long matrices(ModelFacts model) {
        long attention = 2L * model.dModel() * (queryWidth(model) + keyWidth(model));
        return attention + (isGated(model) ? 3L : 2L) * model.dModel() * model.dMlp();
    }

    /** Outputs of a block's matrices. */
    private static long outputs(ModelFacts model) {
        long attention = queryWidth(model) + 2 * keyWidth(model) + model.dModel();
        return attention + (isGated(model) ? 2L : 1L) * model.dMlp() + model.dModel();
    }

    /** Inputs and outputs of a block's matrices. */
    private static long widths(ModelFacts model) {
        long inputs =
                3L * model.dModel() + queryWidth(model) + (isGated(model) ? 2L : 1L) * model.dModel() + model.dMlp();
        return inputs + outputs(model);
    }

    private static boolean isGated(ModelFacts model) {
        return model.linearModules().stream().anyMatch(name -> name.startsWith("gate"));
    }

    private static long queryWidth(ModelFacts model) {
        return (long) model.heads() * model.dHead();
    }

    private static long keyWidth(ModelFacts model) {
        return (long) model.keyValueHeads() * model.dHead();
    }
}
