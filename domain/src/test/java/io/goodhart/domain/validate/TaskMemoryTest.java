package io.goodhart.domain.validate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.goodhart.domain.model.ModelFacts;
import io.goodhart.domain.model.ModelRevision;
import io.goodhart.domain.spec.AdapterSpec;
import io.goodhart.domain.spec.TrainingMode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The formulas against peaks that {@code benchmarks/run memory-estimate} measured; docs/performance.md says on which machine. */
class TaskMemoryTest {
    private static final double PERCENT = 15;
    private static final long HEAP = 256L << 20;

    @ParameterizedTest(name = "{0} {1} {2} {3} x {4} + {5}")
    @CsvSource({
        "START, none, BASE, 0, 0, 0, 473",
        "SFT, tiny-gemma3, LORA, 4, 64, 0, 568",
        "SFT, tiny-gemma3, LORA, 16, 64, 0, 740",
        "SFT, tiny-gemma3, LORA, 16, 128, 0, 953",
        "SFT, tiny-gemma3, LORA, 64, 128, 0, 2289",
        "SFT, tiny-gemma3, FULL, 16, 64, 0, 792",
        "SFT, tiny-gemma3, FULL, 32, 128, 0, 1478",
        "DPO, tiny-gemma3, LORA, 16, 64, 0, 679",
        "DPO, tiny-gemma3, LORA, 32, 128, 0, 1128",
        "DPO, tiny-gemma3, FULL, 16, 64, 0, 743",
        "SFT, gpt2-small, LORA, 4, 64, 0, 1379",
        "SFT, gpt2-small, LORA, 8, 128, 0, 2112",
        "SFT, gpt2-small, FULL, 8, 128, 0, 4408",
        "DPO, gpt2-small, LORA, 8, 256, 0, 2545",
        "DPO, gpt2-small, FULL, 4, 64, 0, 3430",
        "GENERATE, tiny-gemma3, BASE, 16, 64, 32, 565",
        "GENERATE, tiny-gemma3, BASE, 64, 16, 32, 572",
        "GENERATE, tiny-gemma3, BASE, 64, 64, 32, 700",
        "GENERATE, gpt2-small, BASE, 1, 16, 32, 1603",
        "GENERATE, gpt2-small, BASE, 16, 64, 32, 1931",
        "GENERATE, gpt2-small, BASE, 64, 64, 16, 3080",
        "GENERATE, gpt2-small, LORA, 16, 16, 16, 2023",
        "GENERATE, gpt2-small, FULL, 16, 16, 16, 2125",
        "COLLECT, tiny-gemma3, BASE, 64, 128, 0, 717",
        "COLLECT, gpt2-small, BASE, 64, 64, 0, 1786",
        "LOG_PROBS, tiny-gemma3, BASE, 64, 64, 0, 810",
        "LOG_PROBS, gpt2-small, BASE, 64, 64, 0, 1835",
        "SCORE, tiny-toxicity, BASE, 64, 128, 0, 617",
    })
    void theEstimateIsNearTheMeasuredPeak(
            String work, String name, String trained, int rows, int length, int newTokens, long megabytes) {
        long expected = megabytes * 1_000_000;
        assertThat(HEAP + estimate(work, name, trained, rows, length, newTokens))
                .isCloseTo(expected, withinPercentage(PERCENT));
    }

    private static long estimate(String work, String name, String trained, int rows, int length, int newTokens) {
        if (work.equals("START")) {
            return TaskMemory.RUNTIME;
        }
        ModelFacts model = model(name);
        TrainingMode mode = trained.equals("FULL") ? TrainingMode.FULL : TrainingMode.LORA;
        long arm = trained.equals("BASE") ? 0 : TaskMemory.trainedWeights(model, mode);
        long beside = switch (work) {
            case "SFT" -> TaskMemory.training(model, mode, AdapterSpec.DEFAULTS, (long) rows * length);
            case "DPO" -> TaskMemory.training(model, mode, AdapterSpec.DEFAULTS, rows / 2 * (length + length / 2L));
            case "GENERATE" -> arm + TaskMemory.generation(model, rows, length, newTokens);
            case "COLLECT" -> TaskMemory.collecting(model, length, model.layers());
            case "LOG_PROBS" -> TaskMemory.logProbs(model, length);
            default -> TaskMemory.classifying(model);
        };
        return TaskMemory.RUNTIME + TaskMemory.weights(model) + beside;
    }

    /** Layers, d_model, d_mlp, heads, key/value heads, d_head and vocabulary of the models in the table. */
    private static ModelFacts model(String name) {
        return switch (name) {
            case "gpt2-small" -> model(124_439_808, "c_fc", 12, 768, 3072, 12, 12, 64, 50_257);
            case "tiny-gemma3" -> model(3_400_000, "gate_proj", 6, 192, 576, 3, 1, 64, 4096);
            default -> model(1_050_000, "dense", 3, 128, 384, 4, 4, 32, 4096);
        };
    }

    private static ModelFacts model(long parameters, String module, int... sizes) {
        return new ModelFacts(
                new ModelRevision("model", "0".repeat(64)),
                "family",
                ModelFacts.Task.LANGUAGE_MODEL,
                sizes[0],
                sizes[1],
                sizes[2],
                sizes[3],
                sizes[4],
                sizes[5],
                sizes[6],
                1024,
                parameters,
                List.of(module),
                List.of(),
                List.of());
    }

    @Test
    void soManyResponsesAreSampledAtOnceAsFitTwoGibibytes() {
        ModelFacts small = model("tiny-gemma3");
        ModelFacts large = model("gpt2-small");
        assertThat(TaskMemory.responsesAtOnce(small, 16, 32)).isEqualTo(256);
        assertThat(TaskMemory.responsesAtOnce(large, 64, 32)).isEqualTo(64);
        assertThat(TaskMemory.responsesAtOnce(large, 900, 124)).isEqualTo(16);
        long bound = TaskMemory.generation(large, 200, 50);
        for (int length = 1; length <= 200; length++) {
            int responses = TaskMemory.responsesAtOnce(large, length, 50);
            assertThat(TaskMemory.generation(large, responses, length, 50)).isLessThanOrEqualTo(bound);
        }
    }

    /** Beyond a gibibyte of weights the matrices are not copied. */
    @Test
    void largeModelsDecodeWithoutACopyOfTheirMatrices() {
        ModelFacts below = model(TaskMemory.COPIED_FOR_DECODING, "gate_proj", 16, 2048, 4096, 16, 16, 128, 1000);
        ModelFacts above = model(TaskMemory.COPIED_FOR_DECODING + 1, "gate_proj", 16, 2048, 4096, 16, 16, 128, 1000);
        long matrices = 16 * (4L * 2048 * 2048 + 3L * 2048 * 4096) + 1000L * 2048;
        assertThat(TaskMemory.generation(below, 4, 8, 8) - TaskMemory.generation(above, 4, 8, 8))
                .isEqualTo(4 * matrices);
    }

    /** All weights: base, copy, gradient and two moments are five; an adapter adds four times itself. */
    @Test
    void trainingAllWeightsHoldsFiveTimesTheModelAndMore() {
        ModelFacts model = model("gpt2-small");
        long full = TaskMemory.training(model, TrainingMode.FULL, AdapterSpec.DEFAULTS, 1);
        assertThat(TaskMemory.weights(model) + full)
                .isBetween(5 * TaskMemory.weights(model), 6 * TaskMemory.weights(model));
        assertThat(TaskMemory.trainedWeights(model, TrainingMode.FULL)).isEqualTo(TaskMemory.weights(model));
        assertThat(TaskMemory.trainedWeights(model, TrainingMode.LORA)).isEqualTo(4L * 12 * 12 * 768 * 768);
    }
}
