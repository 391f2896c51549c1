package io.goodhart.benchmarks.memory;

import io.goodhart.domain.Seeds;
import io.goodhart.domain.SplitMix;
import io.goodhart.domain.model.Site;
import io.goodhart.lm.adapter.LoraAdapter;
import io.goodhart.lm.adapter.LoraSettings;
import io.goodhart.lm.generate.GenerationSettings;
import io.goodhart.lm.generate.Generator;
import io.goodhart.lm.generate.Prompt;
import io.goodhart.lm.hook.HookPoint;
import io.goodhart.lm.model.DecoderModel;
import io.goodhart.tensor.Sampling;
import io.goodhart.tuning.data.BatchPlan;
import io.goodhart.tuning.data.DataOrder;
import io.goodhart.tuning.data.PreferencePair;
import io.goodhart.tuning.data.TokenIds;
import io.goodhart.tuning.loop.StepMetrics;
import io.goodhart.tuning.loop.TrainingListener;
import io.goodhart.tuning.loop.TrainingLoop;
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
import java.util.List;
import java.util.Set;

/** The work whose memory is watched: ragged rows throughout, as ragged rows are what fragments memory. */
public final class MemoryRuns {
    private static final int VOCABULARY = 200;
    private static final int SHORTEST = 4;
    private static final int LONGEST = 24;
    private static final int PAIRS = 32;

    private MemoryRuns() {}

    /** Steps of DPO with an adapter on four pairs each. */
    public static Growth training(Path directory, int steps) throws IOException {
        Growth growth = new Growth();
        try (DecoderModel model = DecoderModel.load(directory);
                LoraAdapter adapter = LoraAdapter.create(model.table(), LoraSettings.allLinear(4, 8), 1);
                DecoderTuning tuning = DecoderTuning.lora(model, adapter)) {
            TrainingTask task = TrainingTask.Preferences.of(pairs(), DpoObjective.sigmoid(0.1));
            BatchPlan plan = new BatchPlan(PAIRS, 4, 1, steps, new DataOrder.Shuffled(1));
            Optimization optimization =
                    new Optimization(OptimizerRule.AdamW.standard(), 1e-4, new Schedule.Constant(0), 1);
            new TrainingLoop().run(TrainingSetup.of(tuning, task, plan, optimization), new TrainingListener() {
                @Override
                public void onStep(StepMetrics metrics) {
                    growth.read();
                }
            });
        }
        return growth;
    }

    /** Calls of the generator with eight responses each, activations of one layer averaged along the way. */
    public static Growth generation(Path directory, int batches) throws IOException {
        Growth growth = new Growth();
        SplitMix random = new SplitMix(Seeds.derive(2, "benchmark/memory"));
        Set<HookPoint> points = Set.of(new HookPoint(Site.RESID_POST, 1));
        try (DecoderModel model = DecoderModel.load(directory)) {
            for (int batch = 0; batch < batches; batch++) {
                List<Prompt> prompts = Prompt.numbered(List.of(
                        tokens(random).toArray(),
                        tokens(random).toArray(),
                        tokens(random).toArray(),
                        tokens(random).toArray()));
                GenerationSettings settings = GenerationSettings.sampled(16, Sampling.plain(), batch, List.of(1))
                        .withSamples(2)
                        .withBatchSize(8)
                        .withPooled(points);
                try (Generator generator = new Generator(model)) {
                    generator.generate(prompts, settings);
                }
                growth.read();
            }
        }
        return growth;
    }

    private static List<PreferencePair> pairs() {
        SplitMix random = new SplitMix(Seeds.derive(1, "benchmark/memory"));
        List<PreferencePair> pairs = new ArrayList<>();
        for (int i = 0; i < PAIRS; i++) {
            pairs.add(new PreferencePair(tokens(random), tokens(random), tokens(random)));
        }
        return pairs;
    }

    private static TokenIds tokens(SplitMix random) {
        int[] tokens = new int[SHORTEST + random.below(LONGEST - SHORTEST + 1)];
        for (int i = 0; i < tokens.length; i++) {
            tokens[i] = 3 + random.below(VOCABULARY - 3);
        }
        return TokenIds.of(tokens);
    }
}
