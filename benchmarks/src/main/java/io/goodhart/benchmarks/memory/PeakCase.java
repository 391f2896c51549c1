package io.goodhart.benchmarks.memory;

import io.goodhart.domain.validate.TaskMemory.Batch;
import java.util.List;

/**
 * Work whose peak memory is measured in a process of its own, and estimated.
 *
 * @param model {@code tiny-gemma3}, {@code gpt2-small}, {@code tiny-toxicity}, or {@code none}
 * @param weights what has been trained: nothing, an adapter, or all weights
 * @param rows sequences of a batch: texts, chosen and rejected responses together, responses at once, texts to read, candidates
 * @param length tokens of a sequence; when sampling, of a prompt; when fitting, of a text
 * @param newTokens tokens of a response, 0 unless sampling
 * @param checkpointed whether training computes its blocks twice
 */
public record PeakCase(
        Work work, String model, Weights weights, int rows, int length, int newTokens, boolean checkpointed) {
    /** What is done. */
    public enum Work {
        /** Nothing but loading the library. */
        START,
        /** Supervised fine-tuning. */
        SFT,
        /** The same with texts of which no two in a step are equally long: each is a token shorter than the last. */
        SFT_RAGGED,
        /** Supervised fine-tuning with a KL term. */
        SFT_KL,
        /** Direct preference optimisation, reference log-probabilities included. */
        DPO,
        /** The same with pairs of which no two in a step have one shape: each chosen response is a token shorter than the last. */
        DPO_RAGGED,
        /** Direct preference optimisation with a KL term. */
        DPO_KL,
        /** On-policy training: sampling, reading and learning from own responses. */
        GRPO,
        /** The same with an estimate of the KL divergence. */
        GRPO_KL,
        /** Sampling responses, one to a prompt. */
        GENERATE,
        /** Sampling responses, several to a prompt. */
        GENERATE_SAMPLES,
        /** Pooling activations of every layer over texts. */
        COLLECT,
        /** Log-probabilities of texts. */
        LOG_PROBS,
        /** Classifying texts. */
        SCORE,
        /** Log-probabilities of the completions of preference pairs. */
        READ_PAIRS,
        /** Sampling, scoring, reading by the trained and the untrained model, log-probabilities: one after the other. */
        EVALUATE,
        /** A probe that reads the activations of candidates in the Java heap, beside models that stay loaded. */
        BUILD_PAIRS,
        /** Fitting an attention probe to the tokens of texts. */
        FIT
    }

    /** What a training moved or moves. */
    public enum Weights {
        BASE,
        LORA,
        FULL
    }

    /** What scores responses, and stays loaded beside the model. */
    static final String SCORER = "tiny-toxicity";

    /** Responses to one prompt where there are several. */
    static final int SAMPLES = 4;

    static PeakCase training(Work work, String model, Weights weights, int rows, int length) {
        return new PeakCase(work, model, weights, rows, length, 0, false);
    }

    static PeakCase checkpointed(Work work, String model, Weights weights, int rows, int length) {
        return new PeakCase(work, model, weights, rows, length, 0, true);
    }

    static PeakCase sampling(Work work, String model, Weights weights, int rows, int length, int newTokens) {
        return new PeakCase(work, model, weights, rows, length, newTokens, false);
    }

    static PeakCase reading(Work work, String model, int rows, int length) {
        return new PeakCase(work, model, Weights.BASE, rows, length, 0, false);
    }

    /** The rows of a training step. The first half of a sequence of a pair is the prompt. */
    Batch batch() {
        if (isPairs()) {
            return Batch.ofPairs(rows / 2, length / 2, length - length / 2);
        }
        return newTokens == 0 ? Batch.ofTexts(rows, length) : Batch.ofResponses(rows, length, newTokens);
    }

    /** Whether no two rows have one shape. */
    boolean isRagged() {
        return work == Work.SFT_RAGGED || work == Work.DPO_RAGGED;
    }

    /** Responses to each prompt. */
    int samples() {
        return work == Work.GENERATE || work == Work.EVALUATE ? 1 : SAMPLES;
    }

    boolean isPairs() {
        return work == Work.DPO || work == Work.DPO_RAGGED || work == Work.DPO_KL;
    }

    /** As words of a command line. */
    List<String> arguments() {
        return List.of(
                work.name(),
                model,
                weights.name(),
                Integer.toString(rows),
                Integer.toString(length),
                Integer.toString(newTokens),
                Boolean.toString(checkpointed));
    }

    static PeakCase of(List<String> arguments) {
        return new PeakCase(
                Work.valueOf(arguments.get(0)),
                arguments.get(1),
                Weights.valueOf(arguments.get(2)),
                Integer.parseInt(arguments.get(3)),
                Integer.parseInt(arguments.get(4)),
                Integer.parseInt(arguments.get(5)),
                Boolean.parseBoolean(arguments.get(6)));
    }
}
