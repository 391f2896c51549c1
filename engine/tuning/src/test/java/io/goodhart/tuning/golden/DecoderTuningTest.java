package io.goodhart.tuning.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.goodhart.lm.adapter.LoraAdapter;
import io.goodhart.lm.adapter.LoraSettings;
import io.goodhart.lm.hook.Hooks;
import io.goodhart.lm.model.DecoderModel;
import io.goodhart.lm.model.TokenBatch;
import io.goodhart.tensor.Scope;
import io.goodhart.tensor.Tensor;
import io.goodhart.tuning.data.BatchPlan;
import io.goodhart.tuning.data.DataOrder;
import io.goodhart.tuning.data.PreferencePair;
import io.goodhart.tuning.loop.Checkpointing;
import io.goodhart.tuning.loop.StepMetrics;
import io.goodhart.tuning.loop.TrainingSetup;
import io.goodhart.tuning.loop.TrainingTask;
import io.goodhart.tuning.model.DecoderTuning;
import io.goodhart.tuning.objective.DpoObjective;
import io.goodhart.tuning.optimize.Optimization;
import io.goodhart.tuning.optimize.OptimizerRule;
import io.goodhart.tuning.optimize.Schedule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DecoderTuningTest {
    private static final String MODEL = "models/gemma3";

    @TempDir
    private Path directory;

    @Test
    void anAdapterTrainingContinuesBitByBit() throws IOException {
        Checkpointing checkpointing = Checkpointing.into(directory, 4);
        Run straight = train(checkpointing, 1);
        Run continued = train(Checkpointing.none().from(directory.resolve("checkpoint-4.safetensors")), 2);
        assertThat(continued.steps().stream().map(StepMetrics::values))
                .containsExactlyElementsOf(straight.steps().subList(4, 6).stream()
                        .map(StepMetrics::values)
                        .toList());
        straight.weights()
                .forEach((name, values) ->
                        assertThat(continued.weights().get(name)).as(name).isEqualTo(values));
    }

    @Test
    void closingEverythingFreesEveryTensor() throws IOException {
        train(Checkpointing.none(), 1);
        long before = Scope.liveHandles();
        train(Checkpointing.none(), 1);
        assertThat(Scope.liveHandles()).isEqualTo(before);
    }

    @Test
    void theReferenceIsTheModelWithItsAdapterOff() throws IOException {
        try (DecoderModel model = Golden.model(MODEL);
                LoraAdapter adapter = Golden.adapter("models/gemma3-lora-perturbed", model);
                Scope _ = Scope.open()) {
            TokenBatch batch = TokenBatch.rightPadded(List.of(new int[] {5, 9, 200}));
            float[] plain = hidden(model, batch);
            try (DecoderTuning tuning = DecoderTuning.lora(model, adapter)) {
                assertThat(tuning.referenceForward(batch, Optional.empty())
                                .hiddenBTD()
                                .toFloats())
                        .isEqualTo(plain);
                assertThat(tuning.forward(batch, Optional.empty()).hiddenBTD().toFloats())
                        .isNotEqualTo(plain);
            }
            assertThat(adapter.parameters().values()).noneMatch(Tensor::requiresGradient);
        }
    }

    @Test
    void trainingAllWeightsWithoutACopyHasNoReference() throws IOException {
        try (DecoderModel model = Golden.model(MODEL);
                DecoderTuning tuning = DecoderTuning.full(model, Optional.empty())) {
            TokenBatch batch = TokenBatch.rightPadded(List.of(new int[] {5, 9, 200}));
            assertThatIllegalStateException().isThrownBy(() -> tuning.referenceForward(batch, Optional.empty()));
        }
    }

    private static float[] hidden(DecoderModel model, TokenBatch batch) {
        return model.forward(batch, Hooks.none()).hiddenBTD().toFloats();
    }

    private record Run(List<StepMetrics> steps, Map<String, List<Float>> weights) {}

    private static Run train(Checkpointing checkpointing, long adapterSeed) throws IOException {
        List<PreferencePair> pairs = Golden.pairs(
                        Golden.json("curves/dpo-lora-gemma3/data.json").get("rows"))
                .subList(0, 24);
        BatchPlan plan = new BatchPlan(24, 4, 2, 6, new DataOrder.Shuffled(5));
        Optimization optimization =
                new Optimization(OptimizerRule.AdamW.standard(), 5e-3, new Schedule.Linear(1, 6, 0.1), 1);
        try (DecoderModel model = Golden.model(MODEL);
                LoraAdapter adapter = LoraAdapter.create(model.table(), LoraSettings.allLinear(4, 8), adapterSeed);
                DecoderTuning tuning = DecoderTuning.lora(model, adapter)) {
            TrainingTask task = TrainingTask.Preferences.of(pairs, DpoObjective.sigmoid(0.1));
            List<StepMetrics> steps = Golden.run(
                    TrainingSetup.of(tuning, task, plan, optimization).with(checkpointing));
            Map<String, List<Float>> weights = new LinkedHashMap<>();
            try (Scope _ = Scope.open()) {
                tuning.parameters().forEach((name, tensor) -> weights.put(name, boxed(tensor.toFloats())));
            }
            return new Run(steps, weights);
        }
    }

    private static List<Float> boxed(float[] values) {
        List<Float> boxed = new ArrayList<>();
        for (float value : values) {
            boxed.add(value);
        }
        return boxed;
    }
}
