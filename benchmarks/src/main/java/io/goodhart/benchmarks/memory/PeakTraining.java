package io.goodhart.benchmarks.memory;

import io.goodhart.benchmarks.engine.Subject;
import io.goodhart.benchmarks.engine.TrainingCase;
import io.goodhart.benchmarks.memory.PeakCase.Weights;
import io.goodhart.benchmarks.memory.PeakCase.Work;
import io.goodhart.domain.model.Site;
import io.goodhart.domain.spec.AdapterSpec;
import io.goodhart.lm.adapter.LoraAdapter;
import io.goodhart.lm.adapter.LoraSettings;
import io.goodhart.lm.generate.Generation;
import io.goodhart.lm.generate.GenerationSettings;
import io.goodhart.lm.generate.Generator;
import io.goodhart.lm.generate.Prompt;
import io.goodhart.lm.hook.HookPoint;
import io.goodhart.lm.model.DecoderModel;
import io.goodhart.tensor.Sampling;
import io.goodhart.tuning.data.BatchPlan;
import io.goodhart.tuning.data.DataOrder;
import io.goodhart.tuning.data.PreferencePair;
import io.goodhart.tuning.data.Rollout;
import io.goodhart.tuning.data.TextExample;
import io.goodhart.tuning.data.TokenIds;
import io.goodhart.tuning.logprob.ReferenceScores;
import io.goodhart.tuning.loop.StepMetrics;
import io.goodhart.tuning.loop.TrainingListener;
import io.goodhart.tuning.loop.TrainingLoop;
import io.goodhart.tuning.loop.TrainingSetup;
import io.goodhart.tuning.loop.TrainingTask;
import io.goodhart.tuning.model.DecoderTuning;
import io.goodhart.tuning.objective.GrpoObjective;
import io.goodhart.tuning.objective.KlAnchor;
import io.goodhart.tuning.optimize.Optimization;
import io.goodhart.tuning.optimize.OptimizerRule;
import io.goodhart.tuning.optimize.Schedule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** A few steps of the real training loop, with what a task does beside it. */
final class PeakTraining {
    private static final int STEPS = 3;
    private static final KlAnchor ANCHOR = new KlAnchor(0.1, KlAnchor.Average.SEQUENCE);

    private final PeakCase work;
    private final Subject subject;

    PeakTraining(PeakCase work, Subject subject) {
        this.work = work;
        this.subject = subject;
    }

    void run() throws IOException {
        AdapterSpec adapted = AdapterSpec.DEFAULTS;
        try (DecoderModel base = DecoderModel.load(subject.directory())) {
            if (work.weights() == Weights.LORA) {
                LoraSettings settings = LoraSettings.allLinear(adapted.rank(), adapted.alpha());
                try (LoraAdapter adapter = LoraAdapter.create(base.table(), settings, 1);
                        DecoderTuning tuning = DecoderTuning.lora(base, adapter)) {
                    train(tuning, prompts -> {
                        try (DecoderModel merged = base.merged(adapter)) {
                            return responses(merged, prompts);
                        }
                    });
                }
                return;
            }
            try (DecoderModel copy = DecoderModel.load(subject.directory());
                    DecoderTuning tuning = DecoderTuning.full(copy, Optional.of(base))) {
                train(tuning, prompts -> responses(copy, prompts));
            }
        }
    }

    /** Groups of responses to prompts. */
    private interface Sampler {
        List<List<Rollout>> respond(int[] prompts);
    }

    private void train(DecoderTuning tuning, Sampler sampler) throws IOException {
        boolean onPolicy = work.work() == Work.GRPO || work.work() == Work.GRPO_KL;
        TrainingTask task = onPolicy ? groups(sampler) : withWhatIsAsked(tuning, rows());
        int perStep = onPolicy ? work.rows() / PeakCase.SAMPLES : work.isPairs() ? work.rows() / 2 : work.rows();
        BatchPlan plan = new BatchPlan(task.rows(), perStep, 1, STEPS, new DataOrder.FileOrder());
        Optimization optimization = new Optimization(OptimizerRule.AdamW.standard(), 1e-5, new Schedule.Constant(0), 1);
        DecoderTuning learner = work.checkpointed() ? tuning.checkpointed() : tuning;
        new TrainingLoop().run(TrainingSetup.of(learner, task, plan, optimization), new TrainingListener() {
            @Override
            public void onStep(StepMetrics metrics) {}
        });
    }

    private TrainingTask rows() {
        TrainingCase.Method method = work.isPairs() ? TrainingCase.Method.DPO : TrainingCase.Method.SFT;
        return new TrainingCase(method, work.weights() == Weights.LORA, work.rows(), work.length()).task(subject);
    }

    private TrainingTask withWhatIsAsked(DecoderTuning tuning, TrainingTask plain) {
        return switch (plain) {
            case TrainingTask.Sft sft ->
                new TrainingTask.Sft(
                        work.work() == Work.SFT_RAGGED ? raggedTexts(sft.examples()) : sft.examples(),
                        sft.objective(),
                        work.work() == Work.SFT_KL ? Optional.of(ANCHOR) : Optional.empty());
            case TrainingTask.Preferences preferences
            when work.work() == Work.DPO_KL ->
                new TrainingTask.Preferences(
                        preferences.pairs(), preferences.loss().with(ANCHOR), Optional.empty());
            case TrainingTask.Preferences preferences -> {
                List<PreferencePair> pairs =
                        work.work() == Work.DPO_RAGGED ? raggedPairs(preferences.pairs()) : preferences.pairs();
                yield new TrainingTask.Preferences(
                        pairs, preferences.loss(), Optional.of(ReferenceScores.of(tuning, pairs, 8, _ -> {})));
            }
            case TrainingTask other -> throw new IllegalArgumentException("No such rows: " + other);
        };
    }

    private List<TextExample> raggedTexts(List<TextExample> texts) {
        return IntStream.range(0, texts.size())
                .mapToObj(index -> new TextExample(shortened(texts.get(index).ids(), index % work.rows()), 0))
                .toList();
    }

    private List<PreferencePair> raggedPairs(List<PreferencePair> pairs) {
        return IntStream.range(0, pairs.size())
                .mapToObj(index -> {
                    PreferencePair pair = pairs.get(index);
                    TokenIds shorter = shortened(pair.chosen(), index % (work.rows() / 2));
                    return new PreferencePair(pair.prompt(), shorter, pair.rejected());
                })
                .toList();
    }

    private static TokenIds shortened(TokenIds ids, int by) {
        return TokenIds.of(Arrays.copyOf(ids.toArray(), ids.length() - by));
    }

    private TrainingTask groups(Sampler sampler) {
        double beta = work.work() == Work.GRPO_KL ? 0.05 : 0;
        GrpoObjective objective = new GrpoObjective(1, beta, true, GrpoObjective.Average.TOKEN, work.newTokens());
        return new TrainingTask.Grpo(
                STEPS * work.rows() / PeakCase.SAMPLES, objective, (_, prompts) -> sampler.respond(prompts));
    }

    private List<List<Rollout>> responses(DecoderModel policy, int[] rows) {
        List<int[]> prompts = subject.texts(rows.length, work.length(), rows[0]);
        HookPoint point = new HookPoint(Site.RESID_POST, policy.config().layers() / 2);
        GenerationSettings settings = GenerationSettings.sampled(work.newTokens(), Sampling.plain(), 1, List.of())
                .withSamples(PeakCase.SAMPLES)
                .withBatchSize(work.rows())
                .withPooled(Set.of(point));
        try (Generator generator = new Generator(policy)) {
            List<Generation> generations = generator.generate(Prompt.numbered(prompts), settings);
            List<List<Rollout>> groups = new ArrayList<>();
            for (int prompt = 0; prompt < rows.length; prompt++) {
                groups.add(group(
                        prompts.get(prompt),
                        generations.subList(prompt * PeakCase.SAMPLES, (prompt + 1) * PeakCase.SAMPLES)));
            }
            return groups;
        }
    }

    private static List<Rollout> group(int[] prompt, List<Generation> generations) {
        return generations.stream()
                .map(one -> new Rollout(
                        TokenIds.of(prompt).followedBy(TokenIds.of(one.tokens())),
                        prompt.length,
                        false,
                        one.sample(),
                        0))
                .toList();
    }
}
