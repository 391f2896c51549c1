package io.goodhart.benchmarks.memory;

import java.util.List;

/**
 * Work whose peak memory is measured in a process of its own, and estimated.
 *
 * @param model {@code tiny-gemma3}, {@code gpt2-small}, {@code tiny-toxicity}, or {@code none}
 * @param weights what has been trained: nothing, an adapter, or all weights
 * @param rows sequences of a batch: texts, chosen and rejected responses together, responses at once, texts to read
 * @param length tokens of a sequence; when generating, of a prompt
 * @param newTokens tokens of a response, 0 unless generating
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
        /** Direct preference optimisation, reference log-probabilities included. */
        DPO,
        /** The same with pairs of which no two in a step have one shape: each chosen response is a token shorter than the last. */
        DPO_RAGGED,
        /** Sampling responses. */
        GENERATE,
        /** Pooling activations of every layer over texts. */
        COLLECT,
        /** Log-probabilities of texts. */
        LOG_PROBS,
        /** Classifying texts. */
        SCORE
    }

    /** What a training moved or moves. */
    public enum Weights {
        BASE,
        LORA,
        FULL
    }

    /** The table of docs/performance.md. */
    public static List<PeakCase> all() {
        return List.of(
                new PeakCase(Work.START, "none", Weights.BASE, 0, 0, 0, false),
                training(Work.SFT, "tiny-gemma3", Weights.LORA, 4, 64),
                training(Work.SFT, "tiny-gemma3", Weights.LORA, 16, 64),
                training(Work.SFT, "tiny-gemma3", Weights.LORA, 16, 128),
                training(Work.SFT, "tiny-gemma3", Weights.LORA, 64, 128),
                training(Work.SFT, "tiny-gemma3", Weights.FULL, 16, 64),
                training(Work.SFT, "tiny-gemma3", Weights.FULL, 32, 128),
                training(Work.DPO, "tiny-gemma3", Weights.LORA, 16, 64),
                training(Work.DPO, "tiny-gemma3", Weights.LORA, 32, 128),
                training(Work.DPO, "tiny-gemma3", Weights.FULL, 16, 64),
                training(Work.SFT, "gpt2-small", Weights.LORA, 4, 64),
                training(Work.SFT, "gpt2-small", Weights.LORA, 8, 128),
                training(Work.SFT, "gpt2-small", Weights.FULL, 8, 128),
                training(Work.DPO, "gpt2-small", Weights.LORA, 8, 256),
                training(Work.DPO, "gpt2-small", Weights.FULL, 4, 64),
                training(Work.DPO_RAGGED, "tiny-gemma3", Weights.LORA, 16, 256),
                checkpointed(Work.SFT, "tiny-gemma3", Weights.LORA, 16, 128),
                checkpointed(Work.SFT, "tiny-gemma3", Weights.LORA, 64, 128),
                checkpointed(Work.SFT, "tiny-gemma3", Weights.FULL, 32, 128),
                checkpointed(Work.DPO, "tiny-gemma3", Weights.LORA, 32, 128),
                checkpointed(Work.DPO_RAGGED, "tiny-gemma3", Weights.LORA, 16, 256),
                checkpointed(Work.SFT, "gpt2-small", Weights.LORA, 8, 128),
                checkpointed(Work.SFT, "gpt2-small", Weights.LORA, 32, 128),
                checkpointed(Work.SFT, "gpt2-small", Weights.FULL, 8, 128),
                checkpointed(Work.DPO, "gpt2-small", Weights.LORA, 8, 256),
                generating("tiny-gemma3", Weights.BASE, 16, 64, 32),
                generating("tiny-gemma3", Weights.BASE, 64, 16, 32),
                generating("tiny-gemma3", Weights.BASE, 64, 64, 32),
                generating("gpt2-small", Weights.BASE, 1, 16, 32),
                generating("gpt2-small", Weights.BASE, 16, 64, 32),
                generating("gpt2-small", Weights.BASE, 64, 64, 16),
                generating("gpt2-small", Weights.LORA, 16, 16, 16),
                generating("gpt2-small", Weights.FULL, 16, 16, 16),
                reading(Work.COLLECT, "tiny-gemma3", 64, 128),
                reading(Work.COLLECT, "gpt2-small", 64, 64),
                reading(Work.LOG_PROBS, "tiny-gemma3", 64, 64),
                reading(Work.LOG_PROBS, "gpt2-small", 64, 64),
                reading(Work.SCORE, "tiny-toxicity", 64, 128));
    }

    private static PeakCase training(Work work, String model, Weights weights, int rows, int length) {
        return new PeakCase(work, model, weights, rows, length, 0, false);
    }

    private static PeakCase checkpointed(Work work, String model, Weights weights, int rows, int length) {
        return new PeakCase(work, model, weights, rows, length, 0, true);
    }

    private static PeakCase generating(String model, Weights weights, int rows, int length, int newTokens) {
        return new PeakCase(Work.GENERATE, model, weights, rows, length, newTokens, false);
    }

    private static PeakCase reading(Work work, String model, int rows, int length) {
        return new PeakCase(work, model, Weights.BASE, rows, length, 0, false);
    }

    /** Tokens of a training step's forward pass. The first half of a sequence of a pair is the prompt, which is computed once. */
    long trainedTokens() {
        return isPairs() ? rows / 2 * pairTokens() : (long) rows * length;
    }

    /** Tokens of a pair on its row. */
    long pairTokens() {
        return length / 2 + 2L * (length - length / 2);
    }

    boolean isPairs() {
        return work == Work.DPO || work == Work.DPO_RAGGED;
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
