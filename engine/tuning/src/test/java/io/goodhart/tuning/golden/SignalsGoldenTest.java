package io.goodhart.tuning.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.goodhart.domain.model.Pooling;
import io.goodhart.domain.model.Site;
import io.goodhart.lm.adapter.LoraAdapter;
import io.goodhart.lm.hook.HookPoint;
import io.goodhart.lm.model.DecoderModel;
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
import io.goodhart.tuning.objective.DpoObjective;
import io.goodhart.tuning.objective.FrozenProbe;
import io.goodhart.tuning.objective.HingeObjective;
import io.goodhart.tuning.objective.IpoObjective;
import io.goodhart.tuning.objective.KlAnchor;
import io.goodhart.tuning.objective.PairLoss;
import io.goodhart.tuning.objective.PreferenceObjective;
import io.goodhart.tuning.objective.ProbeAggregation;
import io.goodhart.tuning.objective.ProbeSftObjective;
import io.goodhart.tuning.objective.SftObjective;
import io.goodhart.tuning.optimize.Optimization;
import io.goodhart.tuning.optimize.OptimizerRule;
import io.goodhart.tuning.optimize.Schedule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** One batch under every term that stands beside the losses of DPO and SFT, against TRL and a loop in float64. */
class SignalsGoldenTest {
    private static final SftObjective LANGUAGE =
            new SftObjective(SftObjective.Scope.WHOLE_SEQUENCE, SftObjective.Count.PREDICTED);
    private static final Map<String, String> METRICS = Map.of(
            "loss", MetricNames.LOSS,
            "gradient_norm", MetricNames.GRAD_NORM,
            "nll", MetricNames.NLL_CHOSEN,
            "kl_chosen", MetricNames.KL_CHOSEN,
            "kl_rejected", MetricNames.KL_REJECTED,
            "kl", MetricNames.KL_REF,
            "lm", MetricNames.LANGUAGE_LOSS,
            "probe_mean", MetricNames.PROBE_MEAN);

    private final JsonNode golden = Golden.json("signals/gemma3.json");

    @Test
    void preferencesWithNllAndKlHaveTrlsLossAndTheFloat64Gradient() throws IOException {
        for (Map.Entry<String, JsonNode> entry : golden.get("preferences").properties()) {
            JsonNode asked = entry.getValue();
            PairLoss loss = new PairLoss(
                    objective(asked),
                    asked.get("weight").doubleValue(),
                    asked.get("nll_weight").doubleValue(),
                    kl(asked));
            check(
                    entry.getKey(),
                    asked,
                    new TrainingTask.Preferences(Golden.pairs(golden.get("pairs")), loss, Optional.empty()));
        }
    }

    @Test
    void textsWithKlHaveTheFloat64LossAndGradient() throws IOException {
        JsonNode asked = golden.get("sft_with_kl");
        check("sft_with_kl", asked, new TrainingTask.Sft(texts(), LANGUAGE, kl(asked)));
    }

    @Test
    void probesAtEverySiteAndPoolingAndOfTheReferenceHaveTheFloat64LossAndGradient() throws IOException {
        for (Map.Entry<String, JsonNode> entry : golden.get("cases").properties()) {
            JsonNode asked = entry.getValue();
            Site site = Site.byName(asked.get("site").asString()).orElseThrow();
            Tap tap = new Tap(
                    new HookPoint(site, golden.get("block").intValue()),
                    Pooling.valueOf(asked.get("pooling").asString().toUpperCase(Locale.ROOT)));
            check(entry.getKey(), asked, new TrainingTask.ProbeSft(texts(), probes(asked, site), tap, kl(asked)));
        }
    }

    private List<TextExample> texts() {
        return Golden.texts(golden.get("texts"));
    }

    private void check(String what, JsonNode expected, TrainingTask task) throws IOException {
        Optimization none =
                new Optimization(OptimizerRule.AdamW.standard(), 0, new Schedule.Constant(0), Double.POSITIVE_INFINITY);
        BatchPlan plan = new BatchPlan(task.rows(), task.rows(), 1, 1, new DataOrder.FileOrder());
        try (DecoderModel model = Golden.model(golden.get("model").asString());
                LoraAdapter adapter = Golden.adapter(golden.get("adapter").asString(), model);
                DecoderTuning tuning = DecoderTuning.lora(model, adapter)) {
            StepMetrics metrics =
                    Golden.run(TrainingSetup.of(tuning, task, plan, none)).getFirst();
            METRICS.forEach((name, metric) -> {
                if (expected.has(name)) {
                    double value = expected.get(name).doubleValue();
                    Golden.assertClose(what + " " + name, metrics.value(metric), value, Golden.BATCH_VALUE);
                }
            });
            if (expected.has("kl_chosen")) {
                double both = expected.get("kl_chosen").doubleValue()
                        + expected.get("kl_rejected").doubleValue();
                assertThat(metrics.value(MetricNames.KL_REF)).isCloseTo(both / 2, within(1e-4));
            }
        }
    }

    private static PreferenceObjective objective(JsonNode asked) {
        double beta = asked.get("beta").doubleValue();
        return switch (asked.get("kind").asString()) {
            case "sigmoid" -> DpoObjective.sigmoid(beta);
            case "hinge" -> new HingeObjective(beta);
            case "ipo" -> new IpoObjective(beta, IpoObjective.Length.AVERAGED);
            default -> throw new IllegalArgumentException("No objective for " + asked);
        };
    }

    private static Optional<KlAnchor> kl(JsonNode asked) {
        double weight = asked.path("kl_weight").asDouble(0);
        return weight == 0 ? Optional.empty() : Optional.of(new KlAnchor(weight, KlAnchor.Average.SEQUENCE));
    }

    private ProbeSftObjective probes(JsonNode asked, Site site) {
        JsonNode mlp = golden.get("probes");
        List<String> widths = new ArrayList<>(mlp.propertyNames());
        List<FrozenProbe> probes = new ArrayList<>();
        for (JsonNode probe : mlp.get(site == Site.MLP_ACT ? widths.getLast() : widths.getFirst())) {
            probes.add(
                    new FrozenProbe(floats(probe.get("mu")), floats(probe.get("sigma")), floats(probe.get("w")), (float)
                            probe.get("b").doubleValue()));
        }
        return new ProbeSftObjective(
                LANGUAGE,
                asked.get("lambda").doubleValue(),
                ProbeSftObjective.Source.valueOf(asked.get("source").asString().toUpperCase(Locale.ROOT)),
                ProbeSftObjective.Output.valueOf(asked.get("output").asString().toUpperCase(Locale.ROOT)),
                switch (asked.get("combine").asString()) {
                    case "average" -> new ProbeAggregation.Average();
                    case "min" -> new ProbeAggregation.Minimum();
                    case "max" -> new ProbeAggregation.Maximum();
                    default -> throw new IllegalArgumentException("No aggregation for " + asked);
                },
                probes);
    }

    private static float[] floats(JsonNode array) {
        double[] numbers = Json.numbers(array);
        float[] floats = new float[numbers.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) numbers[i];
        }
        return floats;
    }
}
