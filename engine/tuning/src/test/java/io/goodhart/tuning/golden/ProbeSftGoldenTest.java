package io.goodhart.tuning.golden;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.goodhart.domain.model.Pooling;
import io.goodhart.domain.model.Site;
import io.goodhart.lm.adapter.LoraAdapter;
import io.goodhart.lm.hook.HookPoint;
import io.goodhart.lm.model.DecoderModel;
import io.goodhart.modelfiles.safetensors.SafetensorsFile;
import io.goodhart.tensor.Tensor;
import io.goodhart.tuning.Json;
import io.goodhart.tuning.data.BatchPlan;
import io.goodhart.tuning.data.DataOrder;
import io.goodhart.tuning.data.TextExample;
import io.goodhart.tuning.loop.MetricNames;
import io.goodhart.tuning.loop.StepMetrics;
import io.goodhart.tuning.loop.TrainingSetup;
import io.goodhart.tuning.loop.TrainingTask;
import io.goodhart.tuning.model.DecoderTuning;
import io.goodhart.tuning.model.Tap;
import io.goodhart.tuning.objective.FrozenProbe;
import io.goodhart.tuning.objective.ProbeAggregation;
import io.goodhart.tuning.objective.ProbeSftObjective;
import io.goodhart.tuning.objective.SftObjective;
import io.goodhart.tuning.optimize.Optimization;
import io.goodhart.tuning.optimize.OptimizerRule;
import io.goodhart.tuning.optimize.Schedule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Fine-tuning against probes: values, gradients through the probe into the adapter, and ten-step curves. */
class ProbeSftGoldenTest {
    private static final double STRONG_CURVE_VALUE = 5e-5;

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "gemma3"})
    void everyCaseHasTheReferenceLossAndGradients(String kind) throws IOException {
        assumeTrue(Golden.has("probe_sft/" + kind), kind + " is not in the compact part of the fixtures");
        JsonNode golden = Golden.json("probe_sft/%s/values.json".formatted(kind));
        List<TextExample> rows = Golden.texts(golden.get("rows")).subList(0, 4);
        BatchPlan threeTimes =
                new BatchPlan(4, 4, 1, 3, new DataOrder.FileOrder()); // the cases are taken at step index 2
        Optimization none =
                new Optimization(OptimizerRule.AdamW.standard(), 0, new Schedule.Constant(0), Double.POSITIVE_INFINITY);
        try (DecoderModel model = Golden.model(golden.get("model").asString());
                LoraAdapter adapter = Golden.adapter(golden.get("adapter").asString(), model);
                DecoderTuning tuning = DecoderTuning.lora(model, adapter);
                SafetensorsFile tensors =
                        SafetensorsFile.open(Golden.path("probe_sft/%s/tensors.safetensors".formatted(kind)))) {
            for (Map.Entry<String, JsonNode> entry : golden.get("values").properties()) {
                String[] words = entry.getKey().split("_", 3);
                ProbeSftObjective objective =
                        objective(golden, tensors, Double.parseDouble(words[0].substring(6)), words[1], words[2]);
                TrainingTask task = TrainingTask.ProbeSft.of(rows, objective, tap(golden));
                StepMetrics metrics = Golden.run(TrainingSetup.of(tuning, task, threeTimes, none))
                        .get(2);
                checkValues(entry.getKey(), entry.getValue(), metrics);
                String prefix = entry.getKey() + "/grad/";
                for (String name : tensors.names()) {
                    if (name.startsWith(prefix)) {
                        Tensor parameter =
                                tuning.parameters().get(Golden.PEFT_PREFIX + name.substring(prefix.length()));
                        Golden.assertGradient(name, Objects.requireNonNull(parameter), tensors.floats(name));
                    }
                }
            }
        }
    }

    private static void checkValues(String what, JsonNode expected, StepMetrics metrics) {
        Map.of(
                        "total", MetricNames.LOSS,
                        "lm", MetricNames.LANGUAGE_LOSS,
                        "probe_mean", MetricNames.PROBE_MEAN,
                        "gradient_norm_lora", MetricNames.GRAD_NORM)
                .forEach((golden, name) -> Golden.assertClose(
                        what + " " + name,
                        metrics.value(name),
                        expected.get(golden).doubleValue(),
                        Golden.BATCH_VALUE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "gemma3"})
    void everyCurveAndItsFinalAdapterAreThoseOfTheFloat64Run(String kind) throws IOException {
        assumeTrue(Golden.has("probe_sft/" + kind), kind + " is not in the compact part of the fixtures");
        JsonNode golden = Golden.json("probe_sft/%s/values.json".formatted(kind));
        JsonNode spec = golden.get("curve_spec");
        Optimization optimization = new Optimization(
                OptimizerRule.AdamW.standard(),
                spec.get("learning_rate").doubleValue(),
                new Schedule.Constant(0),
                spec.get("max_grad_norm").doubleValue());
        List<TextExample> rows = Golden.texts(golden.get("rows"));
        for (Map.Entry<String, JsonNode> curve : golden.get("curves").properties()) {
            JsonNode expected = curve.getValue();
            try (DecoderModel model = Golden.model(golden.get("model").asString());
                    LoraAdapter adapter =
                            Golden.adapter(spec.get("initial_adapter").asString(), model);
                    DecoderTuning tuning = DecoderTuning.lora(model, adapter);
                    SafetensorsFile tensors =
                            SafetensorsFile.open(Golden.path("probe_sft/%s/tensors.safetensors".formatted(kind)))) {
                double lambda = expected.get("lambda").doubleValue();
                ProbeSftObjective objective = objective(
                        golden,
                        tensors,
                        lambda,
                        expected.get("output").asString(),
                        expected.get("aggregation").asString());
                TrainingTask task = TrainingTask.ProbeSft.of(rows, objective, tap(golden));
                List<StepMetrics> actual =
                        Golden.run(TrainingSetup.of(tuning, task, Golden.fileOrder(rows.size(), spec), optimization));
                checkCurve(curve.getKey(), expected, actual, lambda > 1 ? STRONG_CURVE_VALUE : Golden.CURVE_VALUE);
                checkFinal(kind, curve.getKey(), tuning);
            }
        }
    }

    private static void checkCurve(String what, JsonNode expected, List<StepMetrics> actual, double tolerance) {
        Map<String, String> names = Map.of(
                "loss", MetricNames.LOSS,
                "lm_loss", MetricNames.LANGUAGE_LOSS,
                "probe_mean", MetricNames.PROBE_MEAN,
                "grad_norm", MetricNames.GRAD_NORM);
        for (JsonNode step : expected.get("steps")) {
            StepMetrics metrics = actual.get(step.get("step").intValue() - 1);
            names.forEach((golden, name) -> Golden.assertClose(
                    "%s step %d %s".formatted(what, metrics.step(), name),
                    metrics.value(name),
                    step.get(golden).doubleValue(),
                    tolerance));
        }
    }

    private static void checkFinal(String kind, String curve, DecoderTuning tuning) throws IOException {
        Optional<Path> file = Golden.find("probe_sft/%s/curve_final_adapters.safetensors".formatted(kind));
        if (file.isPresent()) {
            try (SafetensorsFile expected = SafetensorsFile.open(file.get())) {
                Golden.assertWeights(tuning.parameters(), expected, curve + "/");
            }
        }
    }

    private static ProbeSftObjective objective(
            JsonNode golden, SafetensorsFile tensors, double lambda, String output, String aggregation) {
        List<FrozenProbe> probes = IntStream.range(0, 3)
                .mapToObj(k -> new FrozenProbe(
                        tensors.floats("probe%d/mu".formatted(k)),
                        tensors.floats("probe%d/sigma".formatted(k)),
                        tensors.floats("probe%d/w".formatted(k)),
                        tensors.floats("probe%d/b".formatted(k))[0]))
                .toList();
        SftObjective language = new SftObjective(SftObjective.Scope.WHOLE_SEQUENCE, SftObjective.Count.PREDICTED);
        ProbeSftObjective.Output what = ProbeSftObjective.Output.valueOf(output.toUpperCase(Locale.ROOT));
        return new ProbeSftObjective(
                language, lambda, ProbeSftObjective.Source.POLICY, what, aggregation(golden, aggregation), probes);
    }

    private static Tap tap(JsonNode golden) {
        return new Tap(new HookPoint(Site.RESID_POST, golden.get("block").intValue()), Pooling.MEAN);
    }

    private static ProbeAggregation aggregation(JsonNode golden, String name) {
        return switch (name) {
            case "single" -> new ProbeAggregation.Single(0);
            case "average" -> new ProbeAggregation.Average();
            case "random_switch" ->
                new ProbeAggregation.ListedSwitch(Arrays.stream(Json.ids(golden.get("random_switch_indices")))
                        .boxed()
                        .toList());
            case "timed_switch" ->
                new ProbeAggregation.TimedSwitch(
                        golden.get("timed_switch_block").intValue());
            default -> throw new IllegalArgumentException("No aggregation " + name);
        };
    }
}
