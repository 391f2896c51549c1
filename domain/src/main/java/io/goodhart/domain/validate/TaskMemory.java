package io.goodhart.domain.validate;

import io.goodhart.domain.model.ModelFacts;
import io.goodhart.domain.spec.AdapterSpec;
import io.goodhart.domain.spec.TrainingMode;
import java.util.stream.LongStream;

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
    private static final long DOUBLE = 8;
    private static final long FIT_COPIES = 3;
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

    /** Gradients beside the results of a block that is computed again. Fitted. */
    private static final double RECOMPUTED = 1.33;

    /** Where graphs are as small as a block, they do not grow into the room of a vocabulary chunk behind it. Fitted. */
    private static final int CHUNK_TENSORS_CHECKPOINTED = 4;

    /** Models of at most so many numbers, 1 GiB, have their matrices copied for decoding: beyond, memory is worth more than time. */
    public static final long COPIED_FOR_DECODING = 1L << 28;

    /** What responses that are sampled at once may take, and how many they are at most and at least. */
    private static final long SAMPLING = 2L << 30;

    private static final int MOST_RESPONSES = 256;
    private static final int FEWEST_RESPONSES = 16;

    private static final int READING_TOKENS = 4096;
    private static final int CLASSIFYING_TOKENS = 8192;

    /** What a training keeps of its forward pass for the backward one. */
    public enum Graph {
        /** All results. */
        WHOLE,
        /** What stands between the blocks: gradient checkpointing. */
        CHECKPOINTED
    }

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
    public static long training(ModelFacts model, TrainingMode mode, AdapterSpec adapter, Graph graph, long tokens) {
        return switch (mode) {
            case LORA -> {
                long kept = kept(model, graph, ADAPTED * blockFloats(model));
                int chunks = graph == Graph.WHOLE ? CHUNK_TENSORS : CHUNK_TENSORS_CHECKPOINTED;
                yield FLOAT * (4 * adapterFloats(model, adapter) + tokens * kept)
                        + vocabularyChunk(model, tokens, chunks);
            }
            case FULL -> {
                long copyGradientMoments = 4 * model.parameters();
                long embeddingGradients = 2L * model.vocabulary() * model.dModel();
                long kept = kept(model, graph, (double) (blockFloats(model) + normFloats(model)));
                yield FLOAT * (copyGradientMoments + embeddingGradients + tokens * kept)
                        + vocabularyChunk(model, tokens, CHUNK_TENSORS_WITH_GRADIENT);
            }
        };
    }

    /** Numbers per token that are alive when the backward pass begins. */
    private static long kept(ModelFacts model, Graph graph, double block) {
        return switch (graph) {
            case WHOLE -> (long) (model.layers() * block);
            case CHECKPOINTED ->
                model.layers() * (long) model.dModel() + (long) (RECOMPUTED * fragmentation(model) * block);
        };
    }

    /**
     * Attention masks of a micro-batch of pairs of which no two have one shape: one of bits per pair, and one of numbers for every block
     * whose graph is kept.
     *
     * @param length tokens of a pair: a prompt and two responses
     */
    public static long masks(ModelFacts model, Graph graph, long pairs, long length) {
        long blocks = graph == Graph.WHOLE ? model.layers() : 1;
        return pairs * length * length * (1 + FLOAT * blocks);
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
     * Responses that a task samples at once: a power of two. It depends on the model and the task alone, because sums of another
     * number of rows are rounded in another way, so that with the memory of a machine the tokens could change.
     *
     * @param promptTokens tokens of the longest prompt
     */
    public static int responsesAtOnce(ModelFacts model, long promptTokens, long newTokens) {
        int responses = MOST_RESPONSES;
        while (responses > FEWEST_RESPONSES && sampling(model, responses, promptTokens, newTokens) > SAMPLING) {
            responses /= 2;
        }
        return responses;
    }

    /**
     * Generating with as many responses at once as {@link #responsesAtOnce} says.
     *
     * @param samples responses to one prompt, or fewer
     * @param longestPrompt no prompt has more tokens
     */
    public static long generation(ModelFacts model, int samples, long longestPrompt, long newTokens) {
        return LongStream.rangeClosed(1, longestPrompt)
                .map(length -> {
                    int responses = responsesAtOnce(model, length, newTokens);
                    return generation(model, responses, (responses + samples - 1) / samples, length, newTokens);
                })
                .max()
                .orElse(0);
    }

    /**
     * Generating.
     *
     * @param responses responses at once
     * @param prompts prompts that they are to; each is computed once
     * @param promptTokens tokens of the longest prompt
     */
    public static long generation(ModelFacts model, long responses, long prompts, long promptTokens, long newTokens) {
        long copied = model.parameters() > COPIED_FOR_DECODING
                ? 0
                : model.layers() * matrices(model) + (long) model.vocabulary() * model.dModel();
        return FLOAT * copied + places(model, responses, promptTokens, newTokens) + pass(model, prompts * promptTokens);
    }

    /** What {@link #responsesAtOnce} bounds: one prompt for each response, so that a task's number of samples changes no batch. */
    private static long sampling(ModelFacts model, long responses, long promptTokens, long newTokens) {
        return places(model, responses, promptTokens, newTokens) + pass(model, responses * promptTokens);
    }

    /** Caches and scores of responses. */
    private static long places(ModelFacts model, long responses, long promptTokens, long newTokens) {
        long perPlace = 2L * model.layers() * keyWidth(model);
        long caches = responses * perPlace * (2 * promptTokens + newTokens);
        long logits = 6L * responses * model.vocabulary();
        return FLOAT * (caches + logits);
    }

    /**
     * Fitting a probe that reads tokens and follows a gradient, beside the Java heap: standardised activations in float64, and what an
     * evaluation of the loss makes of them.
     *
     * @param tokens tokens of the texts it is fitted on and of those that tell it when to stop
     * @param width numbers of one token
     */
    public static long fitting(long tokens, long width) {
        return FIT_COPIES * DOUBLE * tokens * width;
    }

    /** What an adapter, or a copy of all weights, has beside it between the steps of a training: gradients and two moments. */
    public static long trainingState(ModelFacts model, TrainingMode mode, AdapterSpec adapter) {
        return switch (mode) {
            case LORA -> FLOAT * 4 * adapterFloats(model, adapter);
            case FULL -> FLOAT * 4 * model.parameters();
        };
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

    private static long adapterFloats(ModelFacts model, AdapterSpec adapter) {
        return model.layers() * (long) adapter.rank() * widths(model);
    }

    /** A pass without gradients. */
    private static long pass(ModelFacts model, long tokens) {
        return (long) (fragmentation(model) * FLOAT * tokens * blockFloats(model));
    }

    private static double fragmentation(ModelFacts model) {
        return isGated(model) ? FRAGMENTATION_GATED : FRAGMENTATION_PLAIN;
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
