package io.goodhart.tuning.golden;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.goodhart.lm.adapter.LoraAdapter;
import io.goodhart.lm.model.DecoderModel;
import io.goodhart.modelfiles.safetensors.SafetensorsFile;
import io.goodhart.tuning.loop.StepMetrics;
import io.goodhart.tuning.loop.TrainingSetup;
import io.goodhart.tuning.loop.TrainingTask;
import io.goodhart.tuning.model.DecoderTuning;
import io.goodhart.tuning.objective.DpoObjective;
import io.goodhart.tuning.objective.SftObjective;
import io.goodhart.tuning.optimize.Optimization;
import io.goodhart.tuning.optimize.OptimizerRule;
import io.goodhart.tuning.optimize.Schedule;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Whole trainings against TRL's log: every logged value at every step, and the final weights. */
class CurveGoldenTest {
    private static final Set<String> NOT_METRICS = Set.of("step", "micro_losses", "loss_as_logged");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dpo-full-gpt2",
                "dpo-lora-gemma3",
                "dpo-lora-gpt2",
                "sft-all-full-gpt2",
                "sft-all-lora-gpt2",
                "sft-completion-full-gpt2",
                "sft-completion-lora-gemma3"
            })
    void everyLoggedValueAndTheFinalWeightsAreThoseOfTrl(String name) throws IOException {
        assumeTrue(Golden.has("curves/" + name), name + " is not in the compact part of the fixtures");
        JsonNode run = Golden.json("curves/%s/run.json".formatted(name));
        JsonNode spec = run.get("spec");
        JsonNode rows = Golden.json("curves/%s/data.json".formatted(name)).get("rows");
        boolean full = spec.get("mode").asString().equals("full");
        try (DecoderModel model = Golden.model(spec.get("model").asString())) {
            if (full) {
                try (DecoderModel reference = Golden.model(spec.get("model").asString());
                        DecoderTuning tuning = DecoderTuning.full(model, Optional.of(reference))) {
                    check(run, Golden.run(setup(tuning, spec, rows)));
                    finalWeights(tuning, "curves/%s/final_model.safetensors".formatted(name));
                }
                return;
            }
            try (LoraAdapter adapter =
                            Golden.adapter(spec.get("initial_adapter").asString(), model);
                    DecoderTuning tuning = DecoderTuning.lora(model, adapter)) {
                check(run, Golden.run(setup(tuning, spec, rows)));
                finalWeights(tuning, "curves/%s/final_adapter.safetensors".formatted(name));
            }
        }
    }

    private static TrainingSetup setup(DecoderTuning tuning, JsonNode spec, JsonNode rows) {
        OptimizerRule rule = new OptimizerRule.AdamW(
                spec.get("betas").get(0).doubleValue(),
                spec.get("betas").get(1).doubleValue(),
                spec.get("eps").doubleValue(),
                spec.get("weight_decay").doubleValue());
        Schedule schedule = new Schedule.Linear(
                spec.get("warmup_steps").intValue(), spec.get("steps").intValue(), 0);
        Optimization optimization = new Optimization(
                rule,
                spec.get("learning_rate").doubleValue(),
                schedule,
                spec.get("max_grad_norm").doubleValue());
        return TrainingSetup.of(tuning, task(spec, rows), Golden.fileOrder(rows.size(), spec), optimization);
    }

    private static TrainingTask task(JsonNode spec, JsonNode rows) {
        if (spec.get("trainer").asString().equals("dpo")) {
            return TrainingTask.Preferences.of(
                    Golden.pairs(rows), DpoObjective.sigmoid(spec.get("beta").doubleValue()));
        }
        SftObjective.Scope scope = spec.get("loss_on").asString().equals("all")
                ? SftObjective.Scope.WHOLE_SEQUENCE
                : SftObjective.Scope.COMPLETION;
        return TrainingTask.Sft.of(Golden.texts(rows), SftObjective.trl(scope));
    }

    private static void check(JsonNode run, List<StepMetrics> actual) {
        for (JsonNode expected : run.get("steps")) {
            StepMetrics metrics = actual.get(expected.get("step").intValue() - 1);
            for (Map.Entry<String, JsonNode> value : expected.properties()) {
                if (!NOT_METRICS.contains(value.getKey())) {
                    Golden.assertClose(
                            "step %d %s".formatted(metrics.step(), value.getKey()),
                            metrics.value(value.getKey()),
                            value.getValue().doubleValue(),
                            Golden.CURVE_VALUE);
                }
            }
        }
    }

    private static void finalWeights(DecoderTuning tuning, String file) throws IOException {
        try (SafetensorsFile expected = SafetensorsFile.open(Golden.path(file))) {
            Golden.assertWeights(tuning.parameters(), expected, "");
        }
    }
}
