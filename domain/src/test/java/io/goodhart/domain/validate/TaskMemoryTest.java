package io.goodhart.domain.validate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.goodhart.domain.model.ModelFacts;
import io.goodhart.domain.model.ModelRevision;
import io.goodhart.domain.spec.AdapterSpec;
import io.goodhart.domain.spec.TrainingMode;
import io.goodhart.domain.validate.TaskMemory.Graph;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.aggregator.ArgumentsAccessor;
import org.junit.jupiter.params.provider.CsvSource;

/** The formulas against peaks that {@code benchmarks/run memory-estimate} measured; docs/performance.md says on which machine. */
class TaskMemoryTest {
    private static final double PERCENT = 15;
    private static final long HEAP = 256L << 20;

    @ParameterizedTest(name = "{0} {1} {2} {3} {4} x {5} + {6}")
    @CsvSource({
        "START, none, BASE, WHOLE, 0, 0, 0, 473",
        "SFT, tiny-gemma3, LORA, WHOLE, 4, 64, 0, 568",
        "SFT, tiny-gemma3, LORA, WHOLE, 16, 64, 0, 740",
        "SFT, tiny-gemma3, LORA, WHOLE, 16, 128, 0, 953",
        "SFT, tiny-gemma3, LORA, WHOLE, 64, 128, 0, 2289",
        "SFT, tiny-gemma3, FULL, WHOLE, 16, 64, 0, 792",
        "SFT, tiny-gemma3, FULL, WHOLE, 32, 128, 0, 1478",
        "DPO, tiny-gemma3, LORA, WHOLE, 16, 64, 0, 679",
        "DPO, tiny-gemma3, LORA, WHOLE, 32, 128, 0, 1128",
        "DPO, tiny-gemma3, FULL, WHOLE, 16, 64, 0, 743",
        "SFT, gpt2-small, LORA, WHOLE, 4, 64, 0, 1379",
        "SFT, gpt2-small, LORA, WHOLE, 8, 128, 0, 2112",
        "SFT, gpt2-small, FULL, WHOLE, 8, 128, 0, 4408",
        "DPO, gpt2-small, LORA, WHOLE, 8, 256, 0, 2545",
        "DPO, gpt2-small, FULL, WHOLE, 4, 64, 0, 3430",
        "DPO_RAGGED, tiny-gemma3, LORA, WHOLE, 16, 256, 0, 1137",
        "SFT, tiny-gemma3, LORA, CHECKPOINTED, 16, 128, 0, 791",
        "SFT, tiny-gemma3, LORA, CHECKPOINTED, 64, 128, 0, 1442",
        "SFT, tiny-gemma3, FULL, CHECKPOINTED, 32, 128, 0, 1204",
        "DPO, tiny-gemma3, LORA, CHECKPOINTED, 32, 128, 0, 855",
        "DPO_RAGGED, tiny-gemma3, LORA, CHECKPOINTED, 16, 256, 0, 888",
        "SFT, gpt2-small, LORA, CHECKPOINTED, 8, 128, 0, 1633",
        "SFT, gpt2-small, LORA, CHECKPOINTED, 32, 128, 0, 2523",
        "SFT, gpt2-small, FULL, CHECKPOINTED, 8, 128, 0, 4042",
        "DPO, gpt2-small, LORA, CHECKPOINTED, 8, 256, 0, 1927",
        "GENERATE, tiny-gemma3, BASE, WHOLE, 16, 64, 32, 565",
        "GENERATE, tiny-gemma3, BASE, WHOLE, 64, 16, 32, 572",
        "GENERATE, tiny-gemma3, BASE, WHOLE, 64, 64, 32, 700",
        "GENERATE, gpt2-small, BASE, WHOLE, 1, 16, 32, 1603",
        "GENERATE, gpt2-small, BASE, WHOLE, 16, 64, 32, 1931",
        "GENERATE, gpt2-small, BASE, WHOLE, 64, 64, 16, 3080",
        "GENERATE, gpt2-small, LORA, WHOLE, 16, 16, 16, 2023",
        "GENERATE, gpt2-small, FULL, WHOLE, 16, 16, 16, 2125",
        "COLLECT, tiny-gemma3, BASE, WHOLE, 64, 128, 0, 717",
        "COLLECT, gpt2-small, BASE, WHOLE, 64, 64, 0, 1786",
        "LOG_PROBS, tiny-gemma3, BASE, WHOLE, 64, 64, 0, 810",
        "LOG_PROBS, gpt2-small, BASE, WHOLE, 64, 64, 0, 1835",
        "SCORE, tiny-toxicity, BASE, WHOLE, 64, 128, 0, 617",
    })
    void theEstimateIsNearTheMeasuredPeak(ArgumentsAccessor row) {
        assertThat(HEAP + estimate(row)).isCloseTo(row.getLong(7) * 1_000_000, withinPercentage(PERCENT));
    }

    private static long estimate(ArgumentsAccessor row) {
        String work = row.getString(0);
        if (work.equals("START")) {
            return TaskMemory.RUNTIME;
        }
        ModelFacts model = model(row.getString(1));
        String trained = row.getString(2);
        TrainingMode mode = trained.equals("FULL") ? TrainingMode.FULL : TrainingMode.LORA;
        long arm = trained.equals("BASE") ? 0 : TaskMemory.trainedWeights(model, mode);
        Graph graph = Graph.valueOf(row.getString(3));
        int rows = row.getInteger(4);
        int length = row.getInteger(5);
        long pair = length + length / 2L; // tokens of a pair on its row
        long beside = switch (work) {
            case "SFT" -> TaskMemory.training(model, mode, AdapterSpec.DEFAULTS, graph, (long) rows * length);
            case "DPO" -> TaskMemory.training(model, mode, AdapterSpec.DEFAULTS, graph, rows / 2 * pair);
            case "DPO_RAGGED" ->
                TaskMemory.training(model, mode, AdapterSpec.DEFAULTS, graph, rows / 2 * pair)
                        + TaskMemory.masks(model, graph, rows / 2, pair);
            case "GENERATE" -> arm + TaskMemory.generation(model, rows, length, row.getInteger(6));
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
        long full = TaskMemory.training(model, TrainingMode.FULL, AdapterSpec.DEFAULTS, Graph.WHOLE, 1);
        assertThat(TaskMemory.weights(model) + full)
                .isBetween(5 * TaskMemory.weights(model), 6 * TaskMemory.weights(model));
        assertThat(TaskMemory.trainedWeights(model, TrainingMode.FULL)).isEqualTo(TaskMemory.weights(model));
        assertThat(TaskMemory.trainedWeights(model, TrainingMode.LORA)).isEqualTo(4L * 12 * 12 * 768 * 768);
    }
}
