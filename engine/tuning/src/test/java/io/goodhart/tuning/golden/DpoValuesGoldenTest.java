package io.goodhart.tuning.golden;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.goodhart.lm.adapter.LoraAdapter;
import io.goodhart.lm.model.DecoderModel;
import io.goodhart.modelfiles.safetensors.SafetensorsFile;
import io.goodhart.tensor.Scope;
import io.goodhart.tensor.Tensor;
import io.goodhart.tensor.Tensors;
import io.goodhart.tuning.Json;
import io.goodhart.tuning.data.BatchPlan;
import io.goodhart.tuning.data.DataOrder;
import io.goodhart.tuning.data.PreferencePair;
import io.goodhart.tuning.logprob.PairScore;
import io.goodhart.tuning.logprob.ReferenceScores;
import io.goodhart.tuning.loop.StepMetrics;
import io.goodhart.tuning.loop.TrainingSetup;
import io.goodhart.tuning.loop.TrainingTask;
import io.goodhart.tuning.model.DecoderTuning;
import io.goodhart.tuning.objective.DpoObjective;
import io.goodhart.tuning.objective.HingeObjective;
import io.goodhart.tuning.objective.IpoObjective;
import io.goodhart.tuning.objective.PairLogProbs;
import io.goodhart.tuning.objective.PreferenceObjective;
import io.goodhart.tuning.objective.RobustDpoObjective;
import io.goodhart.tuning.optimize.Optimization;
import io.goodhart.tuning.optimize.OptimizerRule;
import io.goodhart.tuning.optimize.Schedule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** One batch of eight pairs: log-probabilities, losses of all kinds, rewards and gradients at four policies. */
class DpoValuesGoldenTest {
    private static final double LOG_PROB_SUM = 1e-4;
    private static final double FLOAT64 = 1e-10;

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "gemma3"})
    void lossesOfGivenLogProbabilitiesAreExact(String kind) {
        assumeTrue(Golden.has("dpo_values/" + kind), kind + " is not in the compact part of the fixtures");
        JsonNode golden = Golden.json("dpo_values/%s/values.json".formatted(kind));
        List<PreferencePair> pairs = Golden.pairs(golden.get("rows"));
        for (JsonNode state : golden.get("states")) {
            for (Map.Entry<String, JsonNode> loss : state.get("losses").properties()) {
                PreferenceObjective objective = objective(golden.get("losses").get(loss.getKey()));
                double[] expected = Json.numbers(loss.getValue().get("per_pair_float64"));
                try (Scope _ = Scope.open()) {
                    double[] actual = objective
                            .evaluate(logProbs(state, "policy", pairs), logProbs(state, "reference", pairs))
                            .lossB()
                            .toDoubles();
                    for (int b = 0; b < expected.length; b++) {
                        Golden.assertClose(loss.getKey(), actual[b], expected[b], FLOAT64);
                    }
                }
            }
        }
    }

    private static PairLogProbs logProbs(JsonNode state, String model, List<PreferencePair> pairs) {
        double[] chosen = Json.numbers(state.get(model + "_chosen_logps"));
        double[] rejected = Json.numbers(state.get(model + "_rejected_logps"));
        double[] chosenLengths =
                pairs.stream().mapToDouble(pair -> pair.chosen().length()).toArray();
        double[] rejectedLengths =
                pairs.stream().mapToDouble(pair -> pair.rejected().length()).toArray();
        int b = chosen.length;
        return new PairLogProbs(
                Tensors.of(chosen, b),
                Tensors.of(rejected, b),
                Tensors.of(chosenLengths, b),
                Tensors.of(rejectedLengths, b));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "gemma3"})
    void adapterStatesHaveTrlsLossesMetricsAndGradients(String kind) throws IOException {
        assumeTrue(Golden.has("dpo_values/" + kind), kind + " is not in the compact part of the fixtures");
        JsonNode golden = Golden.json("dpo_values/%s/values.json".formatted(kind));
        for (String state : List.of("at_reference_lora", "perturbed_lora")) {
            String start = state.startsWith("perturbed") ? "perturbed" : "init";
            try (DecoderModel model = Golden.model("models/" + kind);
                    LoraAdapter adapter = Golden.adapter("models/%s-lora-%s".formatted(kind, start), model);
                    DecoderTuning tuning = DecoderTuning.lora(model, adapter)) {
                check(golden, kind, state, tuning);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "gemma3"})
    void fullStatesHaveTrlsLossesMetricsAndGradients(String kind) throws IOException {
        assumeTrue(Golden.has("dpo_values/" + kind), kind + " is not in the compact part of the fixtures");
        JsonNode golden = Golden.json("dpo_values/%s/values.json".formatted(kind));
        for (String state : List.of("at_reference_full", "perturbed_full")) {
            String end = state.startsWith("perturbed") ? "-perturbed" : "";
            try (DecoderModel policy = Golden.model("models/" + kind + end);
                    DecoderModel reference = Golden.model("models/" + kind);
                    DecoderTuning tuning = DecoderTuning.full(policy, Optional.of(reference))) {
                check(golden, kind, state, tuning);
            }
        }
    }

    private static void check(JsonNode golden, String kind, String state, DecoderTuning tuning) throws IOException {
        List<PreferencePair> pairs = Golden.pairs(golden.get("rows"));
        JsonNode expected = golden.get("states").get(state);
        List<PairScore> reference = ReferenceScores.of(tuning, pairs, 3, _ -> {});
        for (int b = 0; b < pairs.size(); b++) {
            double chosen = expected.get("reference_chosen_logps").get(b).doubleValue();
            Golden.assertClose("reference", (reference.get(b).chosen() - chosen) / LOG_PROB_SUM, 0, 1);
        }
        for (Map.Entry<String, JsonNode> loss : expected.get("losses").properties()) {
            PreferenceObjective objective = objective(golden.get("losses").get(loss.getKey()));
            StepMetrics metrics = oneStepWithoutUpdate(tuning, pairs, objective);
            String what = "%s %s %s".formatted(kind, state, loss.getKey());
            JsonNode values = loss.getValue();
            Golden.assertClose(
                    what, metrics.value("loss"), values.get("mean_float64").doubleValue(), Golden.BATCH_VALUE);
            Golden.assertClose(
                    what + " gradient norm",
                    metrics.value("grad_norm"),
                    values.get("gradient_norm_all_trainable_float64").doubleValue(),
                    Golden.BATCH_VALUE);
            for (Map.Entry<String, JsonNode> metric : values.path("trl_metrics").properties()) {
                Golden.assertClose(
                        what + " " + metric.getKey(),
                        metrics.value(metric.getKey()),
                        metric.getValue().doubleValue(),
                        Golden.BATCH_VALUE);
            }
            gradients(kind, state + "/" + loss.getKey() + "/grad/", tuning);
        }
    }

    private static void gradients(String kind, String prefix, DecoderTuning tuning) throws IOException {
        Optional<Path> file = Golden.find("dpo_values/%s/tensors.safetensors".formatted(kind));
        if (file.isEmpty()) {
            return; // the compact part has the numbers only
        }
        try (SafetensorsFile tensors = SafetensorsFile.open(file.get())) {
            for (String name : tensors.names()) {
                if (name.startsWith(prefix)) {
                    String parameter = name.substring(prefix.length());
                    String stored = parameter.contains(".lora_") ? Golden.PEFT_PREFIX + parameter : parameter;
                    Tensor tensor = tuning.parameters().get(stored);
                    Golden.assertGradient(name, Objects.requireNonNull(tensor), tensors.floats(name));
                }
            }
        }
    }

    private static StepMetrics oneStepWithoutUpdate(
            DecoderTuning tuning, List<PreferencePair> pairs, PreferenceObjective objective) throws IOException {
        Optimization none =
                new Optimization(OptimizerRule.AdamW.standard(), 0, new Schedule.Constant(0), Double.POSITIVE_INFINITY);
        BatchPlan plan = new BatchPlan(pairs.size(), pairs.size(), 1, 1, new DataOrder.FileOrder());
        TrainingTask task = TrainingTask.Preferences.of(pairs, objective);
        return Golden.run(TrainingSetup.of(tuning, task, plan, none)).getFirst();
    }

    private static PreferenceObjective objective(JsonNode loss) {
        double beta = loss.get("beta").doubleValue();
        double smoothing = loss.path("smoothing").asDouble(0);
        return switch (loss.get("kind").asString()) {
            case "sigmoid", "cdpo" -> new DpoObjective(beta, smoothing);
            case "robust" -> new RobustDpoObjective(beta, smoothing);
            case "hinge" -> new HingeObjective(beta);
            case "ipo" -> new IpoObjective(beta, IpoObjective.Length.AVERAGED);
            case "ipo_summed" -> new IpoObjective(beta, IpoObjective.Length.SUMMED);
            default -> throw new IllegalArgumentException("No objective for " + loss);
        };
    }
}
