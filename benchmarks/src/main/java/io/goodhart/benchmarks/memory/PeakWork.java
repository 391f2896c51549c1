package io.goodhart.benchmarks.memory;

import io.goodhart.benchmarks.engine.Subject;
import io.goodhart.benchmarks.engine.TrainingCase;
import io.goodhart.benchmarks.memory.PeakCase.Weights;
import io.goodhart.domain.model.Pooling;
import io.goodhart.domain.model.Site;
import io.goodhart.lm.adapter.LoraAdapter;
import io.goodhart.lm.adapter.LoraSettings;
import io.goodhart.lm.classifier.SequenceClassifier;
import io.goodhart.lm.generate.GenerationSettings;
import io.goodhart.lm.generate.Generator;
import io.goodhart.lm.generate.Prompt;
import io.goodhart.lm.hook.HookPoint;
import io.goodhart.lm.model.DecoderModel;
import io.goodhart.lm.text.TextActivations;
import io.goodhart.lm.text.TextLikelihoods;
import io.goodhart.tensor.ComputeThread;
import io.goodhart.tensor.Sampling;
import io.goodhart.tensor.SelfTest;
import io.goodhart.tuning.data.BatchPlan;
import io.goodhart.tuning.data.DataOrder;
import io.goodhart.tuning.data.PreferencePair;
import io.goodhart.tuning.data.TokenIds;
import io.goodhart.tuning.logprob.ReferenceScores;
import io.goodhart.tuning.loop.StepMetrics;
import io.goodhart.tuning.loop.TrainingListener;
import io.goodhart.tuning.loop.TrainingLoop;
import io.goodhart.tuning.loop.TrainingSetup;
import io.goodhart.tuning.loop.TrainingTask;
import io.goodhart.tuning.model.DecoderTuning;
import io.goodhart.tuning.optimize.Optimization;
import io.goodhart.tuning.optimize.OptimizerRule;
import io.goodhart.tuning.optimize.Schedule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Does the work of one {@link PeakCase} as a worker's child does, and prints the peak of the process: a main class of its own. */
public final class PeakWork {
    /** System property: where random models are. */
    static final String MODELS = "goodhart.benchmarks.models";

    /** System property: threads of one operation. */
    static final String THREADS = "goodhart.benchmarks.threads";

    private static final int RANK = 8;
    private static final int STEPS = 3;

    private final PeakCase work;
    private final Subject subject;

    private PeakWork(PeakCase work, Subject subject) {
        this.work = work;
        this.subject = subject;
    }

    /** Prints the peak of resident memory in bytes. */
    public static void main(String[] arguments) throws IOException {
        PeakCase work = PeakCase.of(List.of(arguments));
        ComputeThread.prepare(Integer.getInteger(THREADS, 2));
        SelfTest.run().requirePassed();
        if (work.work() != PeakCase.Work.START) {
            new PeakWork(work, Subject.named(work.model(), Path.of(System.getProperty(MODELS)))).run();
        }
        System.out.println(Math.round(ResidentMemory.peakMegabytes() * (1 << 20)));
    }

    private void run() throws IOException {
        switch (work.work()) {
            case START -> {}
            case SFT, DPO, DPO_RAGGED -> train();
            case GENERATE -> generate();
            case COLLECT -> collect();
            case LOG_PROBS -> logProbs();
            case SCORE -> score();
        }
    }

    private void train() throws IOException {
        LoraSettings lora = LoraSettings.allLinear(RANK, 2.0 * RANK);
        try (DecoderModel base = DecoderModel.load(subject.directory())) {
            if (work.weights() == Weights.LORA) {
                try (LoraAdapter adapter = LoraAdapter.create(base.table(), lora, 1);
                        DecoderTuning tuning = DecoderTuning.lora(base, adapter)) {
                    train(tuning);
                }
                return;
            }
            try (DecoderModel copy = DecoderModel.load(subject.directory());
                    DecoderTuning tuning = DecoderTuning.full(copy, Optional.of(base))) {
                train(tuning);
            }
        }
    }

    private void train(DecoderTuning tuning) throws IOException {
        TrainingCase.Method method = work.isPairs() ? TrainingCase.Method.DPO : TrainingCase.Method.SFT;
        TrainingCase one = new TrainingCase(method, work.weights() == Weights.LORA, work.rows(), work.length());
        TrainingTask task = one.task(subject);
        if (task instanceof TrainingTask.Preferences preferences) {
            List<PreferencePair> pairs = work.work() == PeakCase.Work.DPO_RAGGED
                    ? ragged(preferences.pairs(), one.rowsPerStep())
                    : preferences.pairs();
            task = new TrainingTask.Preferences(
                    pairs, preferences.loss(), Optional.of(ReferenceScores.of(tuning, pairs, 8, _ -> {})));
        }
        BatchPlan plan = new BatchPlan(task.rows(), one.rowsPerStep(), 1, STEPS, new DataOrder.FileOrder());
        Optimization optimization = new Optimization(OptimizerRule.AdamW.standard(), 1e-5, new Schedule.Constant(0), 1);
        DecoderTuning learner = work.checkpointed() ? tuning.checkpointed() : tuning;
        new TrainingLoop().run(TrainingSetup.of(learner, task, plan, optimization), new TrainingListener() {
            @Override
            public void onStep(StepMetrics metrics) {}
        });
    }

    private static List<PreferencePair> ragged(List<PreferencePair> pairs, int perStep) {
        return IntStream.range(0, pairs.size())
                .mapToObj(index -> {
                    PreferencePair pair = pairs.get(index);
                    int[] chosen = pair.chosen().toArray();
                    TokenIds shorter = TokenIds.of(Arrays.copyOf(chosen, chosen.length - index % perStep));
                    return new PreferencePair(pair.prompt(), shorter, pair.rejected());
                })
                .toList();
    }

    private void generate() throws IOException {
        LoraSettings lora = LoraSettings.allLinear(RANK, 2.0 * RANK);
        try (DecoderModel base = DecoderModel.load(subject.directory())) {
            switch (work.weights()) {
                case BASE -> generate(base);
                case LORA -> {
                    try (LoraAdapter adapter = LoraAdapter.create(base.table(), lora, 1);
                            DecoderModel merged = base.merged(adapter)) {
                        generate(merged);
                    }
                }
                case FULL -> {
                    try (DecoderModel trained = DecoderModel.load(subject.directory())) {
                        generate(trained);
                    }
                }
            }
        }
    }

    private void generate(DecoderModel model) {
        List<Prompt> prompts = Prompt.numbered(subject.texts(work.rows(), work.length(), 1));
        GenerationSettings settings = GenerationSettings.sampled(work.newTokens(), Sampling.plain(), 1, List.of())
                .withBatchSize(work.rows());
        try (Generator generator = new Generator(model)) {
            generator.generate(prompts, settings);
        }
    }

    private void collect() throws IOException {
        try (DecoderModel model = DecoderModel.load(subject.directory())) {
            List<HookPoint> points = IntStream.range(0, model.config().layers())
                    .mapToObj(layer -> new HookPoint(Site.RESID_POST, layer))
                    .toList();
            List<int[]> texts = subject.texts(2 * work.rows(), work.length() - 1, 1);
            List<int[]> first = Collections.nCopies(texts.size(), new int[] {1});
            new TextActivations(model).pooled(first, texts, points, Pooling.MEAN, () -> false);
        }
    }

    private void logProbs() throws IOException {
        try (DecoderModel model = DecoderModel.load(subject.directory())) {
            new TextLikelihoods(model).ofSequences(subject.texts(2 * work.rows(), work.length(), 1), () -> false);
        }
    }

    private void score() throws IOException {
        try (SequenceClassifier classifier = SequenceClassifier.load(subject.directory())) {
            String text = "word ".repeat(work.length() - 2);
            classifier.classify(Collections.nCopies(2 * work.rows(), text));
        }
    }
}
