package io.goodhart.benchmarks.memory;

import io.goodhart.benchmarks.engine.Subject;
import io.goodhart.domain.SplitMix;
import io.goodhart.domain.model.Aggregation;
import io.goodhart.domain.model.Pooling;
import io.goodhart.domain.model.Site;
import io.goodhart.domain.spec.ProbeSpec;
import io.goodhart.domain.spec.ProbeSpec.ClassWeights;
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
import io.goodhart.modelfiles.family.Families;
import io.goodhart.probing.Activations;
import io.goodhart.probing.LabelledTexts;
import io.goodhart.probing.TokenActivations;
import io.goodhart.probing.fit.ProbeFitting;
import io.goodhart.tensor.ComputeThread;
import io.goodhart.tensor.Sampling;
import io.goodhart.tensor.SelfTest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** Does the work of one {@link PeakCase} as a worker's child does, and prints the peak of the process: a main class of its own. */
public final class PeakWork {
    /** System property: where random models are. */
    static final String MODELS = "goodhart.benchmarks.models";

    /** System property: threads of one operation. */
    static final String THREADS = "goodhart.benchmarks.threads";

    private static final int RANK = 8;

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
            case SFT, SFT_RAGGED, SFT_KL, DPO, DPO_RAGGED, DPO_KL, GRPO, GRPO_KL ->
                new PeakTraining(work, subject).run();
            case GENERATE, GENERATE_SAMPLES -> generate();
            case COLLECT -> collect();
            case LOG_PROBS -> logProbs();
            case READ_PAIRS -> readPairs();
            case EVALUATE -> evaluate();
            case BUILD_PAIRS -> buildPairs();
            case SCORE -> score();
            case FIT -> fit();
        }
    }

    /** Work with a model that was trained, beside the base model. */
    private interface Use {
        void of(DecoderModel trained, DecoderModel base) throws IOException;
    }

    private void withTrained(Use use) throws IOException {
        LoraSettings lora = LoraSettings.allLinear(RANK, 2.0 * RANK);
        try (DecoderModel base = DecoderModel.load(subject.directory())) {
            switch (work.weights()) {
                case BASE -> use.of(base, base);
                case LORA -> {
                    try (LoraAdapter adapter = LoraAdapter.create(base.table(), lora, 1);
                            DecoderModel merged = base.merged(adapter)) {
                        use.of(merged, base);
                    }
                }
                case FULL -> {
                    try (DecoderModel trained = DecoderModel.load(subject.directory())) {
                        use.of(trained, base);
                    }
                }
            }
        }
    }

    private void generate() throws IOException {
        withTrained((trained, _) -> generate(trained));
    }

    private void generate(DecoderModel model) {
        int samples = work.samples();
        List<Prompt> prompts = Prompt.numbered(subject.texts(work.rows() / samples, work.length(), 1));
        GenerationSettings settings = GenerationSettings.sampled(work.newTokens(), Sampling.plain(), 1, List.of())
                .withSamples(samples)
                .withBatchSize(work.rows());
        try (Generator generator = new Generator(model)) {
            generator.generate(prompts, settings);
        }
    }

    private void evaluate() throws IOException {
        try (SequenceClassifier classifier = scorer()) {
            withTrained((trained, base) -> {
                generate(trained);
                score(classifier);
                Set<HookPoint> middle =
                        Set.of(new HookPoint(Site.RESID_POST, base.config().layers() / 2));
                collect(trained, middle);
                collect(base, middle);
                logProbs(trained);
            });
        }
    }

    private SequenceClassifier scorer() throws IOException {
        return SequenceClassifier.load(Subject.named(PeakCase.SCORER, Path.of(System.getProperty(MODELS)))
                .directory());
    }

    private void collect() throws IOException {
        try (DecoderModel model = DecoderModel.load(subject.directory())) {
            List<HookPoint> points = IntStream.range(0, model.config().layers())
                    .mapToObj(layer -> new HookPoint(Site.RESID_POST, layer))
                    .toList();
            collect(model, points);
        }
    }

    private void collect(DecoderModel model, Collection<HookPoint> points) {
        List<int[]> texts = subject.texts(2 * work.rows(), work.length() - 1, 1);
        List<int[]> first = Collections.nCopies(texts.size(), new int[] {1});
        new TextActivations(model).pooled(first, texts, points, Pooling.MEAN, () -> false);
    }

    private void logProbs() throws IOException {
        try (DecoderModel model = DecoderModel.load(subject.directory())) {
            logProbs(model);
        }
    }

    private void logProbs(DecoderModel model) {
        new TextLikelihoods(model).ofSequences(subject.texts(2 * work.rows(), work.length(), 1), () -> false);
    }

    private void readPairs() throws IOException {
        int prompt = work.length() / 2;
        List<int[]> prompts = subject.texts(2 * work.rows(), prompt, 1);
        List<int[]> completions = subject.texts(2 * work.rows(), work.length() - prompt, 2);
        try (DecoderModel model = DecoderModel.load(subject.directory())) {
            new TextLikelihoods(model).ofCompletions(prompts, completions, () -> false);
        }
    }

    private void score() throws IOException {
        try (SequenceClassifier classifier = SequenceClassifier.load(subject.directory())) {
            score(classifier);
        }
    }

    private void score(SequenceClassifier classifier) {
        String text = "word ".repeat(work.length() - 2);
        classifier.classify(Collections.nCopies(2 * work.rows(), text));
    }

    private void buildPairs() throws IOException {
        try (DecoderModel model = DecoderModel.load(subject.directory());
                SequenceClassifier _ = scorer()) {
            Activations rows = activations(work.rows(), model.config().dModel());
            LabelledTexts texts = LabelledTexts.of(TokenActivations.pooled(rows), labels());
            new ProbeFitting(ProbeSpec.Kind.MEAN_DIFFERENCE, 0, 1, ClassWeights.NONE)
                    .fit(texts, texts, 1)
                    .logits(texts.activations(), Aggregation.MEAN);
        }
    }

    private void fit() throws IOException {
        int width = Families.read(subject.directory()).dModel();
        int[] offsets = IntStream.rangeClosed(0, work.rows())
                .map(text -> text * work.length())
                .toArray();
        LabelledTexts texts = LabelledTexts.of(
                TokenActivations.of(activations(work.rows() * work.length(), width), offsets), labels());
        new ProbeFitting(ProbeSpec.Kind.ATTENTION, 4, 1, ClassWeights.NONE).fit(texts, texts, 1);
    }

    private static Activations activations(int rows, int width) {
        SplitMix random = new SplitMix(1);
        float[] values = new float[rows * width];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (random.uniform() - 0.5);
        }
        return Activations.of(values, rows, width);
    }

    /** Every other text is positive. */
    private boolean[] labels() {
        boolean[] labels = new boolean[work.rows()];
        for (int text = 0; text < labels.length; text += 2) {
            labels[text] = true;
        }
        return labels;
    }
}
