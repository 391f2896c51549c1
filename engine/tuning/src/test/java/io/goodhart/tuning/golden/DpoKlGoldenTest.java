package io.goodhart.tuning.golden;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.goodhart.lm.model.DecoderModel;
import io.goodhart.modelfiles.safetensors.SafetensorsFile;
import io.goodhart.tuning.data.BatchPlan;
import io.goodhart.tuning.data.DataOrder;
import io.goodhart.tuning.loop.MetricNames;
import io.goodhart.tuning.loop.StepMetrics;
import io.goodhart.tuning.loop.TrainingSetup;
import io.goodhart.tuning.loop.TrainingTask;
import io.goodhart.tuning.model.DecoderTuning;
import io.goodhart.tuning.objective.DpoObjective;
import io.goodhart.tuning.objective.KlAnchor;
import io.goodhart.tuning.objective.PairLoss;
import io.goodhart.tuning.optimize.Optimization;
import io.goodhart.tuning.optimize.OptimizerRule;
import io.goodhart.tuning.optimize.Schedule;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** DPO with a KL term and RMSprop, all weights. Only in the whole set of fixtures. */
class DpoKlGoldenTest {
    private static final Map<String, String> METRICS = Map.of(
            "loss", MetricNames.LOSS,
            "dpo_loss", MetricNames.PREFERENCE_LOSS,
            "kl_chosen", MetricNames.KL_CHOSEN,
            "kl_rejected", MetricNames.KL_REJECTED,
            "grad_norm", MetricNames.GRAD_NORM,
            "learning_rate", MetricNames.LEARNING_RATE);

    @BeforeEach
    void onlyWithTheWholeSet() {
        assumeTrue(Golden.find("dpo_kl/run.json").isPresent(), "the compact part has no dpo_kl");
    }

    @Test
    void everyStepAndTheFinalWeightsAreThoseOfTheFloat64Run() throws IOException {
        JsonNode run = Golden.json("dpo_kl/run.json");
        JsonNode spec = run.get("spec");
        Optimization optimization = new Optimization(
                OptimizerRule.RmsProp.standard(),
                spec.get("learning_rate").doubleValue(),
                new Schedule.ConstantAfterEarlyWarmup(spec.get("warmup_steps").intValue()),
                spec.get("max_grad_norm").doubleValue());
        TrainingTask task = task(run.get("rows"), spec, KlAnchor.Average.SEQUENCE);
        try (DecoderModel policy = Golden.model(spec.get("model").asString());
                DecoderModel reference = Golden.model(spec.get("model").asString());
                DecoderTuning tuning = DecoderTuning.full(policy, Optional.of(reference))) {
            List<StepMetrics> actual =
                    Golden.run(TrainingSetup.of(tuning, task, Golden.fileOrder(task.rows(), spec), optimization));
            for (JsonNode expected : run.get("steps")) {
                StepMetrics metrics = actual.get(expected.get("step").intValue() - 1);
                METRICS.forEach((golden, name) -> Golden.assertClose(
                        "step %d %s".formatted(metrics.step(), name),
                        metrics.value(name),
                        expected.get(golden).doubleValue(),
                        Golden.CURVE_VALUE));
            }
            try (SafetensorsFile weights = SafetensorsFile.open(Golden.path("dpo_kl/final_model.safetensors"))) {
                Golden.assertWeights(tuning.parameters(), weights, "");
            }
        }
    }

    @Test
    void bothAveragesOfTheKlTermHaveTheReferenceLossAndGradientNorm() throws IOException {
        JsonNode run = Golden.json("dpo_kl/run.json");
        JsonNode golden = run.get("one_batch_at_perturbed_policy");
        Optimization none = new Optimization(
                OptimizerRule.RmsProp.standard(), 0, new Schedule.Constant(0), Double.POSITIVE_INFINITY);
        Map<String, KlAnchor.Average> forms =
                Map.of("sequence_mean", KlAnchor.Average.SEQUENCE, "token_mean", KlAnchor.Average.TOKEN);
        try (DecoderModel policy = Golden.model(golden.get("policy").asString());
                DecoderModel reference =
                        Golden.model(run.get("spec").get("model").asString());
                DecoderTuning tuning = DecoderTuning.full(policy, Optional.of(reference))) {
            for (Map.Entry<String, KlAnchor.Average> form : forms.entrySet()) {
                TrainingTask task = task(run.get("rows"), run.get("spec"), form.getValue());
                BatchPlan plan = new BatchPlan(task.rows(), 4, 1, 1, new DataOrder.FileOrder());
                StepMetrics metrics =
                        Golden.run(TrainingSetup.of(tuning, task, plan, none)).getFirst();
                JsonNode expected = golden.get(form.getKey());
                double kl = metrics.value(MetricNames.KL_CHOSEN) + metrics.value(MetricNames.KL_REJECTED);
                Golden.assertClose(
                        "loss", metrics.value("loss"), expected.get("loss").doubleValue(), Golden.BATCH_VALUE);
                Golden.assertClose("kl", kl, expected.get("kl").doubleValue(), Golden.BATCH_VALUE);
                Golden.assertClose(
                        "norm",
                        metrics.value("grad_norm"),
                        expected.get("gradient_norm").doubleValue(),
                        Golden.BATCH_VALUE);
            }
        }
    }

    private static TrainingTask task(JsonNode rows, JsonNode spec, KlAnchor.Average average) {
        return new TrainingTask.Preferences(
                Golden.pairs(rows),
                PairLoss.of(DpoObjective.sigmoid(spec.get("beta").doubleValue()))
                        .with(new KlAnchor(spec.get("kl_gamma").doubleValue(), average)),
                Optional.empty());
    }
}
