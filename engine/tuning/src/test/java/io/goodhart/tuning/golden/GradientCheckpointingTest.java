package io.goodhart.tuning.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.goodhart.domain.SplitMix;
import io.goodhart.domain.model.Pooling;
import io.goodhart.domain.model.Site;
import io.goodhart.lm.adapter.LoraAdapter;
import io.goodhart.lm.adapter.LoraSettings;
import io.goodhart.lm.hook.HookPoint;
import io.goodhart.lm.hook.Hooks;
import io.goodhart.lm.model.DecoderModel;
import io.goodhart.lm.model.TokenBatch;
import io.goodhart.tensor.Scope;
import io.goodhart.tensor.Tensor;
import io.goodhart.tuning.data.BatchPlan;
import io.goodhart.tuning.data.DataOrder;
import io.goodhart.tuning.data.PreferencePair;
import io.goodhart.tuning.data.TextExample;
import io.goodhart.tuning.data.TokenIds;
import io.goodhart.tuning.loop.StepMetrics;
import io.goodhart.tuning.loop.TrainingSetup;
import io.goodhart.tuning.loop.TrainingTask;
import io.goodhart.tuning.model.DecoderTuning;
import io.goodhart.tuning.model.Tap;
import io.goodhart.tuning.objective.DpoObjective;
import io.goodhart.tuning.objective.FrozenProbe;
import io.goodhart.tuning.objective.KlAnchor;
import io.goodhart.tuning.objective.PairLoss;
import io.goodhart.tuning.objective.ProbeAggregation;
import io.goodhart.tuning.objective.ProbeSftObjective;
import io.goodhart.tuning.objective.SftObjective;
import io.goodhart.tuning.optimize.Optimization;
import io.goodhart.tuning.optimize.OptimizerRule;
import io.goodhart.tuning.optimize.Schedule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Training that computes every block twice against training that keeps its graph: the same bits. */
class GradientCheckpointingTest {
    private static final int ROWS = 8;

    /** Metrics, and bits of gradients and weights by name, so that not even the sign of a zero may differ. */
    private record Run(List<Map<String, Double>> steps, Map<String, List<Integer>> bits) {}

    @ParameterizedTest
    @CsvSource({
        "gpt2, lora, sft", "gpt2, lora, probe_sft", "gpt2, lora, dpo", "gpt2, lora, dpo_kl",
        "gpt2, full, sft", "gpt2, full, probe_sft", "gpt2, full, dpo", "gpt2, full, dpo_kl",
        "gemma3, lora, sft", "gemma3, lora, probe_sft", "gemma3, lora, dpo", "gemma3, lora, dpo_kl",
        "gemma3, full, sft", "gemma3, full, probe_sft", "gemma3, full, dpo", "gemma3, full, dpo_kl",
    })
    void gradientsWeightsAndMetricsAreThoseOfThePlainTraining(String kind, String mode, String objective)
            throws IOException {
        Run plain = train(kind, mode, objective, false);
        Run checkpointed = train(kind, mode, objective, true);
        assertThat(plain.steps()).hasSize(3);
        assertThat(checkpointed.steps()).isEqualTo(plain.steps());
        assertThat(checkpointed.bits().keySet()).isEqualTo(plain.bits().keySet());
        plain.bits()
                .forEach((name, bits) ->
                        assertThat(checkpointed.bits().get(name)).as(name).isEqualTo(bits));
    }

    @Test
    void nothingIsLeftOpen() throws IOException {
        train("gemma3", "full", "probe_sft", true);
        long before = Scope.liveHandles();
        train("gemma3", "full", "probe_sft", true);
        assertThat(Scope.liveHandles()).isEqualTo(before);
    }

    @Test
    void theInsideOfABlockCannotBeWatched() throws IOException {
        try (DecoderModel model = Golden.model("models/gpt2");
                Scope _ = Scope.open()) {
            TokenBatch batch = TokenBatch.packed(List.of(new int[] {3, 4}));
            Hooks hooks = Hooks.none().capture(new HookPoint(Site.MLP_OUT, 0));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> model.forwardCheckpointed(batch, hooks))
                    .withMessageContaining("mlp_out.0");
        }
    }

    private static Run train(String kind, String mode, String objective, boolean checkpointed) throws IOException {
        try (DecoderModel policy = Golden.model("models/" + kind);
                DecoderModel reference = Golden.model("models/" + kind);
                LoraAdapter adapter = LoraAdapter.create(policy.table(), LoraSettings.allLinear(4, 8), 3);
                DecoderTuning plain = mode.equals("lora")
                        ? DecoderTuning.lora(policy, adapter)
                        : DecoderTuning.full(policy, Optional.of(reference));
                DecoderTuning tuning = checkpointed ? plain.checkpointed() : plain) {
            BatchPlan plan = new BatchPlan(ROWS, 3, 2, 3, new DataOrder.Shuffled(5));
            Optimization optimization =
                    new Optimization(OptimizerRule.AdamW.standard(), 5e-3, new Schedule.Linear(0, 3, 0.1), 1);
            TrainingTask task = task(objective, policy.config().sizes().dModel());
            List<Map<String, Double>> steps = new ArrayList<>();
            for (StepMetrics step : Golden.run(TrainingSetup.of(tuning, task, plan, optimization))) {
                steps.add(new TreeMap<>(step.values()));
            }
            return new Run(steps, bits(tuning));
        }
    }

    private static TrainingTask task(String objective, int width) {
        return switch (objective) {
            case "sft" -> TrainingTask.Sft.of(texts(), SftObjective.trl(SftObjective.Scope.WHOLE_SEQUENCE));
            case "probe_sft" ->
                TrainingTask.ProbeSft.of(
                        texts(), againstProbes(width), new Tap(new HookPoint(Site.RESID_POST, 1), Pooling.MEAN));
            case "dpo" -> TrainingTask.Preferences.of(pairs(), DpoObjective.sigmoid(0.1));
            default ->
                new TrainingTask.Preferences(
                        pairs(),
                        PairLoss.of(DpoObjective.sigmoid(0.1)).with(new KlAnchor(0.3, KlAnchor.Average.SEQUENCE)),
                        Optional.empty());
        };
    }

    private static ProbeSftObjective againstProbes(int width) {
        SplitMix random = new SplitMix(11);
        float[] weight = new float[width];
        for (int i = 0; i < width; i++) {
            weight[i] = random.below(2000) / 1000f - 1;
        }
        return new ProbeSftObjective(
                SftObjective.trl(SftObjective.Scope.WHOLE_SEQUENCE),
                3,
                ProbeSftObjective.Source.POLICY,
                ProbeSftObjective.Output.LOGIT,
                new ProbeAggregation.Average(),
                List.of(FrozenProbe.folded(weight, 0.5f)));
    }

    /** Ragged, two of one shape. */
    private static List<PreferencePair> pairs() {
        SplitMix random = new SplitMix(7);
        List<PreferencePair> pairs = new ArrayList<>();
        for (int row = 0; row < ROWS; row++) {
            int shape = Math.max(1, row);
            pairs.add(new PreferencePair(ids(random, 9 + shape), ids(random, 3 + shape % 4), ids(random, 8)));
        }
        return pairs;
    }

    private static List<TextExample> texts() {
        SplitMix random = new SplitMix(7);
        List<TextExample> texts = new ArrayList<>();
        for (int row = 0; row < ROWS; row++) {
            texts.add(new TextExample(ids(random, 12 + 2 * Math.max(1, row)), 0));
        }
        return texts;
    }

    private static TokenIds ids(SplitMix random, int length) {
        int[] ids = new int[length];
        for (int i = 0; i < length; i++) {
            ids[i] = 3 + random.below(90);
        }
        return TokenIds.of(ids);
    }

    private static Map<String, List<Integer>> bits(DecoderTuning tuning) {
        Map<String, List<Integer>> bits = new LinkedHashMap<>();
        try (Scope _ = Scope.open()) {
            tuning.parameters().forEach((name, tensor) -> {
                bits.put(name, bits(tensor));
                Tensor gradient = tensor.gradient();
                bits.put(name + "/gradient", gradient == null ? List.of() : bits(gradient));
            });
        }
        return bits;
    }

    private static List<Integer> bits(Tensor tensor) {
        List<Integer> bits = new ArrayList<>();
        for (float value : tensor.toFloats()) {
            bits.add(Float.floatToRawIntBits(value));
        }
        return bits;
    }
}
