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
    /** Log-probabilities of one model, and of the other together with its scores or probabilities. */
    private static final int CHUNK_TENSORS_OF_KL = 3;
    /** Without gradients a block's results are freed after it, but the allocator cannot use all of that again at once. Fitted. */
    private static final double FRAGMENTATION_GATED = 1.6;

    private static final double FRAGMENTATION_PLAIN = 2.5;

    /** What adapters' narrow products, gradients and the allocator add to a block's results while an adapter is trained. Fitted. */
    private static final double ADAPTED = 1.3;

    /** Gradients beside the results of a block that is computed again. Fitted. */
    private static final double RECOMPUTED = 1.33;

    /** Where graphs are as small as a block, they do not grow into the room of a vocabulary chunk behind it. Fitted. */
    private static final int CHUNK_TENSORS_CHECKPOINTED = 4;

    /** The share of what is freed that the allocator cannot use for work of another kind. Fitted. */
    private static final double LEFT_IN_PIECES = 0.4;

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
     * Rows that go through a model together.
     *
     * @param length tokens of the longest row; a pair is one row, in which its prompt counts once
     * @param predicted tokens of a row whose prediction is read
     * @param shapes how many different shapes the rows may have: each has attention masks of its own
     * @param forked whether rows are pairs
     */
    public record Batch(long rows, long length, long predicted, long shapes, boolean forked) {
        /** Texts all of whose tokens are predicted. */
        public static Batch ofTexts(long rows, long length) {
            return new Batch(rows, length, length, rows, false);
        }

        /** Responses to prompts, of which the responses are predicted. */
        public static Batch ofResponses(long rows, long prompt, long response) {
            return new Batch(rows, prompt + response, response, rows, false);
        }

        /** Pairs, of which both responses are predicted. */
        public static Batch ofPairs(long pairs, long prompt, long response) {
            return new Batch(pairs, prompt + 2 * response, 2 * response, pairs, true);
        }

        /** The same rows if they have one shape. */
        public Batch alike() {
            return new Batch(rows, length, predicted, 1, forked);
        }

        long tokens() {
            return rows * length;
        }

        long predictions() {
            return rows * predicted;
        }

        /** Predictions of whole sequences: a pair's prompt is predicted twice. */
        long wholePredictions() {
            return rows * (forked ? 2 * length - predicted : predicted);
        }
    }

    /**
     * Training, beside the base model.
     *
     * @param adapter the adapter; not looked at if all weights are trained
     */
    public static long training(ModelFacts model, TrainingMode mode, AdapterSpec adapter, Graph graph, Batch batch) {
        BlockMemory block = BlockMemory.of(model);
        long beside = trainingState(model, mode, adapter) + block.masks(graph, batch);
        return switch (mode) {
            case LORA -> {
                int chunks = graph == Graph.WHOLE ? CHUNK_TENSORS : CHUNK_TENSORS_CHECKPOINTED;
                yield beside
                        + FLOAT * batch.tokens() * kept(block, graph, ADAPTED * block.results(), batch.length())
                        + vocabularyChunk(model, batch.predictions(), chunks);
            }
            case FULL -> {
                long embeddingGradients = 2L * model.vocabulary() * model.dModel();
                double results = block.results() + block.normalised();
                yield beside
                        + FLOAT * (embeddingGradients + batch.tokens() * kept(block, graph, results, batch.length()))
                        + vocabularyChunk(model, batch.predictions(), CHUNK_TENSORS_WITH_GRADIENT);
            }
        };
    }

    /** Numbers per token that are alive when the backward pass begins. */
    private static long kept(BlockMemory block, Graph graph, double results, long length) {
        int layers = block.model().layers();
        long scores = block.keptScores(length);
        return block.passingScores(length)
                + switch (graph) {
                    case WHOLE -> (long) (layers * (results + scores));
                    case CHECKPOINTED ->
                        layers * (long) block.model().dModel()
                                + (long) (RECOMPUTED * fragmentation(block) * results)
                                + scores;
                };
    }

    /** What asking the reference adds to a training: a forward pass without gradient, while the policy's results wait. */
    public static long reference(ModelFacts model, Batch batch) {
        return pass(model, batch);
    }

    /**
     * What a KL term adds to a training: the reference; at the predicted positions its hidden states, the slopes of the divergence
     * and two products with them; and both distributions of a chunk. Where there are several chunks a full one is given back before
     * the divergence begins, so that it takes only what it has more of. A smaller one leaves a gap in which an aligned tensor of its
     * size does not fit again: then all three add up, with the reference's own log-probabilities for pairs.
     */
    public static long divergence(ModelFacts model, Batch batch) {
        long positions = batch.wholePredictions();
        boolean several = positions > chunkRows(model);
        int passes = CHUNK_TENSORS_OF_KL + (batch.forked() ? CHUNK_TENSORS : 0);
        return reference(model, batch)
                + FLOAT * 4 * positions * model.dModel()
                + vocabularyChunk(model, positions, several ? CHUNK_TENSORS_OF_KL - CHUNK_TENSORS : passes);
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
        return FLOAT * copied
                + places(model, responses, promptTokens, newTokens)
                + pass(model, Batch.ofTexts(prompts, promptTokens));
    }

    /** What {@link #responsesAtOnce} bounds: one prompt for each response, so that a task's number of samples changes no batch. */
    private static long sampling(ModelFacts model, long responses, long promptTokens, long newTokens) {
        return places(model, responses, promptTokens, newTokens) + pass(model, Batch.ofTexts(responses, promptTokens));
    }

    /** Caches and scores of responses. */
    private static long places(ModelFacts model, long responses, long promptTokens, long newTokens) {
        long perPlace = 2L * model.layers() * BlockMemory.of(model).keyWidth();
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
        return logProbs(model, longest, longest);
    }

    /** The same of so many tokens of each text only. */
    public static long logProbs(ModelFacts model, long longest, long predicted) {
        Batch texts = read(longest, READING_TOKENS);
        return pass(model, texts) + vocabularyChunk(model, texts.rows() * predicted, CHUNK_TENSORS);
    }

    /** Activations of some layers over texts of at most so many tokens each. */
    public static long collecting(ModelFacts model, long longest, int layers) {
        Batch texts = read(longest, READING_TOKENS);
        return pass(model, texts) + FLOAT * layers * texts.tokens() * model.dModel();
    }

    /** Classifying texts. */
    public static long classifying(ModelFacts classifier) {
        return pass(classifier, read(classifier.context(), CLASSIFYING_TOKENS));
    }

    /** Parts of work that follow one another: the largest, in the midst of the pieces that the others have left. */
    public static long oneAfterAnother(long... parts) {
        long largest = LongStream.of(parts).max().orElse(0);
        return largest + (long) (LEFT_IN_PIECES * (LongStream.of(parts).sum() - largest));
    }

    /** Texts that are read together: as many as have so many tokens, but one at least. */
    private static Batch read(long longest, long tokens) {
        return Batch.ofTexts(Math.max(1, Math.ceilDiv(tokens, longest)), longest);
    }

    private static long adapterFloats(ModelFacts model, AdapterSpec adapter) {
        return model.layers() * (long) adapter.rank() * widths(model);
    }

    /** A pass without gradients. */
    private static long pass(ModelFacts model, Batch batch) {
        BlockMemory block = BlockMemory.of(model);
        long results = block.results() + block.passingScores(batch.length());
        return (long) (fragmentation(block) * FLOAT * batch.tokens() * results)
                + block.masks(Graph.CHECKPOINTED, batch);
    }

    private static double fragmentation(BlockMemory block) {
        return block.isGated() ? FRAGMENTATION_GATED : FRAGMENTATION_PLAIN;
    }

    private static long vocabularyChunk(ModelFacts model, long tokens, int tensors) {
        return tensors * FLOAT * Math.min(tokens, chunkRows(model)) * model.vocabulary();
    }

    private static long chunkRows(ModelFacts model) {
        return Math.max(SMALLEST_CHUNK, VOCABULARY_CHUNK / model.vocabulary());
    }

    /** Weights of a block's matrices. */
    private static long matrices(ModelFacts model) {
        BlockMemory block = BlockMemory.of(model);
        long attention = 2L * model.dModel() * (block.queryWidth() + block.keyWidth());
        return attention + (block.isGated() ? 3L : 2L) * model.dModel() * model.dMlp();
    }

    /** Inputs and outputs of a block's matrices. */
    private static long widths(ModelFacts model) {
        BlockMemory block = BlockMemory.of(model);
        long d = model.dModel();
        long intoMlp = block.isGated() ? 2 : 1;
        long inputs = 3 * d + block.queryWidth() + intoMlp * d + model.dMlp();
        long outputs = block.queryWidth() + 2 * block.keyWidth() + d + intoMlp * model.dMlp() + d;
        return inputs + outputs;
    }
}
