package io.goodhart.benchmarks.memory;

import static io.goodhart.benchmarks.memory.PeakCase.checkpointed;
import static io.goodhart.benchmarks.memory.PeakCase.reading;
import static io.goodhart.benchmarks.memory.PeakCase.sampling;
import static io.goodhart.benchmarks.memory.PeakCase.training;

import io.goodhart.benchmarks.memory.PeakCase.Weights;
import io.goodhart.benchmarks.memory.PeakCase.Work;
import java.util.List;
import java.util.stream.Stream;

/** The tables of docs/performance.md. */
final class PeakCases {
    private PeakCases() {}

    /** The cases of a table. */
    static List<PeakCase> of(String table) {
        return switch (table) {
            case "fitted" -> fitted();
            case "held-out" ->
                Stream.concat(heldOutTraining().stream(), heldOutSamplingAndReading().stream())
                        .toList();
            case "second-held-out" -> secondHeldOut();
            default -> throw new IllegalArgumentException("No such table: " + table);
        };
    }

    /** What the constants of the formulas were fitted to. */
    private static List<PeakCase> fitted() {
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
                sampling(Work.GENERATE, "tiny-gemma3", Weights.BASE, 16, 64, 32),
                sampling(Work.GENERATE, "tiny-gemma3", Weights.BASE, 64, 16, 32),
                sampling(Work.GENERATE, "tiny-gemma3", Weights.BASE, 64, 64, 32),
                sampling(Work.GENERATE, "gpt2-small", Weights.BASE, 1, 16, 32),
                sampling(Work.GENERATE, "gpt2-small", Weights.BASE, 16, 64, 32),
                sampling(Work.GENERATE, "gpt2-small", Weights.BASE, 64, 64, 16),
                sampling(Work.GENERATE, "gpt2-small", Weights.LORA, 16, 16, 16),
                sampling(Work.GENERATE, "gpt2-small", Weights.FULL, 16, 16, 16),
                reading(Work.COLLECT, "tiny-gemma3", 64, 128),
                reading(Work.COLLECT, "gpt2-small", 64, 64),
                reading(Work.LOG_PROBS, "tiny-gemma3", 64, 64),
                reading(Work.LOG_PROBS, "gpt2-small", 64, 64),
                reading(Work.SCORE, "tiny-toxicity", 64, 128));
    }

    /** Other models, lengths and batches: no constant was fitted to them, but what was wrong with formulas was learnt from them. */
    private static List<PeakCase> heldOutTraining() {
        return List.of(
                training(Work.SFT, "llama-small", Weights.LORA, 8, 128),
                training(Work.SFT, "llama-small", Weights.LORA, 24, 96),
                training(Work.SFT, "llama-small", Weights.FULL, 8, 96),
                training(Work.DPO, "llama-small", Weights.LORA, 16, 96),
                training(Work.DPO_RAGGED, "llama-small", Weights.LORA, 12, 200),
                training(Work.SFT, "gpt_neox-small", Weights.LORA, 8, 128),
                training(Work.SFT, "gpt_neox-small", Weights.FULL, 8, 192),
                training(Work.SFT, "mistral-small", Weights.LORA, 4, 512),
                training(Work.SFT_RAGGED, "mistral-small", Weights.LORA, 4, 512),
                training(Work.SFT_RAGGED, "mistral-small", Weights.FULL, 3, 700),
                training(Work.DPO_RAGGED, "mistral-small", Weights.LORA, 4, 512),
                training(Work.SFT, "gemma2-small", Weights.LORA, 4, 384),
                training(Work.SFT_RAGGED, "gemma2-small", Weights.LORA, 4, 256),
                training(Work.SFT_RAGGED, "tiny-gemma3", Weights.LORA, 24, 200),
                checkpointed(Work.SFT, "llama-small", Weights.LORA, 16, 128),
                checkpointed(Work.SFT, "llama-small", Weights.FULL, 16, 96),
                checkpointed(Work.DPO, "llama-small", Weights.LORA, 24, 96),
                checkpointed(Work.SFT, "gpt_neox-small", Weights.LORA, 24, 96),
                checkpointed(Work.SFT, "gpt_neox-small", Weights.FULL, 8, 256),
                checkpointed(Work.SFT_RAGGED, "mistral-small", Weights.LORA, 4, 512),
                checkpointed(Work.SFT, "gemma2-small", Weights.LORA, 4, 384),
                checkpointed(Work.DPO_RAGGED, "tiny-gemma3", Weights.LORA, 24, 200),
                checkpointed(Work.SFT, "gpt2-small", Weights.LORA, 16, 96),
                training(Work.SFT_KL, "tiny-gemma3", Weights.LORA, 16, 128),
                training(Work.SFT_KL, "llama-small", Weights.LORA, 8, 128),
                training(Work.SFT_KL, "llama-small", Weights.FULL, 8, 96),
                training(Work.DPO_KL, "tiny-gemma3", Weights.LORA, 16, 96),
                training(Work.DPO_KL, "llama-small", Weights.LORA, 16, 96),
                training(Work.DPO_KL, "gpt2-small", Weights.LORA, 8, 128),
                checkpointed(Work.DPO_KL, "llama-small", Weights.LORA, 16, 96),
                sampling(Work.GRPO, "tiny-gemma3", Weights.LORA, 32, 48, 32),
                sampling(Work.GRPO, "tiny-gemma3", Weights.FULL, 32, 48, 32),
                sampling(Work.GRPO_KL, "tiny-gemma3", Weights.LORA, 64, 64, 48),
                sampling(Work.GRPO, "llama-small", Weights.LORA, 16, 64, 32),
                sampling(Work.GRPO_KL, "llama-small", Weights.LORA, 24, 48, 48),
                sampling(Work.GRPO_KL, "llama-small", Weights.FULL, 16, 64, 32),
                sampling(Work.GRPO, "gpt2-small", Weights.LORA, 16, 64, 32));
    }

    private static List<PeakCase> heldOutSamplingAndReading() {
        return List.of(
                sampling(Work.GENERATE_SAMPLES, "llama-small", Weights.BASE, 32, 64, 32),
                sampling(Work.GENERATE_SAMPLES, "llama-small", Weights.LORA, 64, 128, 32),
                sampling(Work.GENERATE_SAMPLES, "gpt_neox-small", Weights.BASE, 64, 128, 64),
                sampling(Work.GENERATE_SAMPLES, "gemma2-small", Weights.BASE, 64, 128, 64),
                sampling(Work.GENERATE, "mistral-small", Weights.BASE, 32, 256, 64),
                reading(Work.COLLECT, "llama-small", 64, 96),
                reading(Work.COLLECT, "gpt_neox-small", 64, 128),
                reading(Work.COLLECT, "mistral-small", 16, 512),
                reading(Work.COLLECT, "gemma2-small", 16, 512),
                reading(Work.LOG_PROBS, "llama-small", 64, 96),
                reading(Work.LOG_PROBS, "gemma2-small", 16, 384),
                reading(Work.READ_PAIRS, "tiny-gemma3", 64, 96),
                reading(Work.READ_PAIRS, "llama-small", 32, 128),
                sampling(Work.EVALUATE, "tiny-gemma3", Weights.LORA, 64, 48, 32),
                sampling(Work.EVALUATE, "llama-small", Weights.LORA, 64, 64, 32),
                sampling(Work.EVALUATE, "gpt2-small", Weights.BASE, 16, 64, 16),
                reading(Work.BUILD_PAIRS, "tiny-gemma3", 2000, 1),
                reading(Work.BUILD_PAIRS, "gpt2-small", 2000, 1),
                reading(Work.SCORE, "bert-small", 128, 96),
                reading(Work.FIT, "tiny-gemma3", 400, 48),
                reading(Work.FIT, "gpt2-small", 200, 64));
    }

    /** Further models, windows, lengths and vocabularies, measured when the formulas stood. */
    private static List<PeakCase> secondHeldOut() {
        return List.of(
                training(Work.SFT, "qwen3-small", Weights.LORA, 5, 288),
                training(Work.DPO, "qwen3-small", Weights.FULL, 12, 112),
                checkpointed(Work.SFT, "qwen3-small", Weights.LORA, 14, 144),
                training(Work.SFT_KL, "qwen3-small", Weights.LORA, 7, 112),
                training(Work.DPO_RAGGED, "olmo2-small", Weights.LORA, 10, 240),
                training(Work.SFT, "olmo2-small", Weights.FULL, 9, 112),
                sampling(Work.GRPO_KL, "olmo2-small", Weights.LORA, 16, 120, 56),
                training(Work.SFT_RAGGED, "phi3-small", Weights.LORA, 3, 560),
                training(Work.DPO_KL, "phi3-small", Weights.LORA, 12, 88),
                checkpointed(Work.SFT, "phi3-small", Weights.LORA, 5, 420),
                training(Work.SFT, "gemma2-wide", Weights.LORA, 3, 640),
                training(Work.DPO_RAGGED, "gemma2-wide", Weights.LORA, 6, 220),
                checkpointed(Work.SFT_RAGGED, "gemma2-wide", Weights.LORA, 3, 600),
                training(Work.SFT, "gemma3-windowed", Weights.LORA, 3, 760),
                checkpointed(Work.DPO_RAGGED, "gemma3-windowed", Weights.LORA, 10, 320),
                training(Work.SFT, "gemma3-windowed", Weights.FULL, 7, 220),
                sampling(Work.GENERATE_SAMPLES, "phi3-small", Weights.LORA, 32, 240, 32),
                sampling(Work.EVALUATE, "gemma3-windowed", Weights.FULL, 48, 72, 40),
                reading(Work.COLLECT, "gemma2-wide", 10, 520),
                reading(Work.LOG_PROBS, "qwen3-small", 9, 800),
                reading(Work.READ_PAIRS, "phi3-small", 20, 360),
                reading(Work.SCORE, "bert-wide", 100, 180));
    }
}
