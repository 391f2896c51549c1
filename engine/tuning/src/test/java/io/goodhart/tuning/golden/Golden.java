package io.goodhart.tuning.golden;

import static org.assertj.core.api.Assertions.assertThat;

import io.goodhart.lm.adapter.LoraAdapter;
import io.goodhart.lm.adapter.LoraFiles;
import io.goodhart.lm.model.DecoderModel;
import io.goodhart.modelfiles.safetensors.SafetensorsFile;
import io.goodhart.tensor.Scope;
import io.goodhart.tensor.Tensor;
import io.goodhart.testing.Fixtures;
import io.goodhart.tuning.Json;
import io.goodhart.tuning.data.BatchPlan;
import io.goodhart.tuning.data.DataOrder;
import io.goodhart.tuning.data.PreferencePair;
import io.goodhart.tuning.data.TextExample;
import io.goodhart.tuning.data.TokenIds;
import io.goodhart.tuning.loop.StepMetrics;
import io.goodhart.tuning.loop.TrainingListener;
import io.goodhart.tuning.loop.TrainingLoop;
import io.goodhart.tuning.loop.TrainingResult;
import io.goodhart.tuning.loop.TrainingSetup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Reads the training fixtures and compares with them. Tolerances are those of the fixtures' README. */
final class Golden {
    static final double BATCH_VALUE = 2e-5;
    static final double CURVE_VALUE = 1e-5;
    static final double FINAL_WEIGHT = 2e-5;
    static final double GRADIENT = 1e-4;
    static final String PEFT_PREFIX = "base_model.model.";

    private Golden() {}

    static boolean has(String relative) {
        return Fixtures.find("tuning/" + relative).isPresent();
    }

    static Path path(String relative) {
        return Fixtures.find("tuning/" + relative).orElseThrow();
    }

    static Optional<Path> find(String relative) {
        return Fixtures.find("tuning/" + relative).filter(Files::exists);
    }

    static JsonNode json(String relative) {
        return Json.read(path(relative));
    }

    static DecoderModel model(String relative) throws IOException {
        return DecoderModel.load(path(relative));
    }

    static LoraAdapter adapter(String relative, DecoderModel model) throws IOException {
        return LoraFiles.load(path(relative), model.table());
    }

    static List<PreferencePair> pairs(JsonNode rows) {
        List<PreferencePair> pairs = new ArrayList<>();
        for (JsonNode row : rows) {
            pairs.add(new PreferencePair(
                    ids(row.get("prompt_ids")), ids(row.get("chosen_ids")), ids(row.get("rejected_ids"))));
        }
        return pairs;
    }

    static List<TextExample> texts(JsonNode rows) {
        List<TextExample> texts = new ArrayList<>();
        for (JsonNode row : rows) {
            texts.add(
                    row.isArray()
                            ? new TextExample(ids(row), 0)
                            : new TextExample(
                                    ids(row.get("ids")),
                                    row.get("prompt_length").intValue()));
        }
        return texts;
    }

    private static TokenIds ids(JsonNode array) {
        return TokenIds.of(Json.ids(array));
    }

    static BatchPlan fileOrder(int rows, JsonNode spec) {
        return new BatchPlan(
                rows,
                spec.get("batch").intValue(),
                spec.get("grad_accumulation").intValue(),
                spec.get("steps").intValue(),
                new DataOrder.FileOrder());
    }

    /** Runs a training to its end and gives the metrics of its steps. */
    static List<StepMetrics> run(TrainingSetup setup) throws IOException {
        List<StepMetrics> steps = new ArrayList<>();
        TrainingResult result = new TrainingLoop().run(setup, new TrainingListener() {
            @Override
            public void onStep(StepMetrics metrics) {
                steps.add(metrics);
            }
        });
        assertThat(result).isInstanceOf(TrainingResult.Completed.class);
        return steps;
    }

    /** Compares one metric; the tolerance is relative to max(1, value). */
    static void assertClose(String what, double actual, double expected, double tolerance) {
        assertThat(Math.abs(actual - expected))
                .as("%s: %s instead of %s", what, actual, expected)
                .isLessThanOrEqualTo(tolerance * Math.max(1, Math.abs(expected)));
    }

    /** Compares weights one by one, but for the key third of GPT-2's attention bias, which has no effect on any output. */
    static void assertWeights(Map<String, Tensor> actual, SafetensorsFile expected, String prefix) {
        try (Scope _ = Scope.open()) {
            actual.forEach((name, tensor) -> {
                float[] values = tensor.toFloats();
                float[] golden = expected.floats(prefix + name.replace(prefix.isEmpty() ? "\0" : PEFT_PREFIX, ""));
                int third = name.endsWith("attn.c_attn.bias") ? values.length / 3 : 0;
                for (int i = 0; i < values.length; i++) {
                    if (third == 0 || i < third || i >= 2 * third) {
                        assertThat(Math.abs(values[i] - golden[i]))
                                .as("%s[%d]", name, i)
                                .isLessThanOrEqualTo((float) FINAL_WEIGHT);
                    }
                }
            });
        }
    }

    /** Compares the accumulated gradient of a tensor, relative to its largest entry. */
    static void assertGradient(String what, Tensor parameter, float[] golden) {
        try (Scope _ = Scope.open()) {
            Tensor gradient = parameter.gradient();
            float[] actual = gradient == null ? new float[golden.length] : gradient.toFloats();
            double largest = 0;
            double difference = 0;
            for (int i = 0; i < golden.length; i++) {
                largest = Math.max(largest, Math.abs(golden[i]));
                difference = Math.max(difference, Math.abs(actual[i] - golden[i]));
            }
            assertThat(difference).as(what).isLessThanOrEqualTo(GRADIENT * largest + 1e-9);
        }
    }
}
