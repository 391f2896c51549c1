package io.goodhart.benchmarks.engine;

import io.goodhart.benchmarks.measure.Lap;
import io.goodhart.benchmarks.measure.Options;
import io.goodhart.benchmarks.measure.Recorder;
import io.goodhart.benchmarks.measure.Sample;
import io.goodhart.domain.model.Site;
import io.goodhart.lm.generate.Generation;
import io.goodhart.lm.generate.GenerationSettings;
import io.goodhart.lm.generate.Generator;
import io.goodhart.lm.generate.Prompt;
import io.goodhart.lm.hook.HookPoint;
import io.goodhart.lm.model.DecoderModel;
import io.goodhart.tensor.Sampling;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Generated tokens per second, reading the prompts included. Greedy: one response to each of B prompts. Sampled: k responses to
 * each of B prompts, all k·B together. No token ends a response, so that every response has the same length. {@code pooled} is
 * sampled with the residual stream of every layer averaged along the way, as an experiment collects activations.
 */
public final class Generating {
    private final Subject subject;
    private final List<Integer> batches;
    private final List<String> decodings;
    private final int promptTokens;
    private final int newTokens;
    private final int samples;

    /** Reads what to do from options. */
    public Generating(Options options) throws IOException {
        this.subject = Subject.of(options);
        this.batches = options.words("batches", "1,16,64").stream()
                .map(Integer::valueOf)
                .toList();
        this.decodings = options.words("decodings", "greedy,sampled");
        this.promptTokens = options.number("prompt-tokens", 16);
        this.newTokens = options.number("new-tokens", 32);
        this.samples = options.number("samples", 5);
    }

    /** Measures every case. */
    public void run(Recorder recorder) throws IOException {
        try (DecoderModel model = DecoderModel.load(subject.directory());
                Generator generator = new Generator(model)) {
            for (String decoding : decodings) {
                for (int batch : batches) {
                    List<Prompt> prompts = Prompt.numbered(subject.texts(batch, promptTokens, 2));
                    GenerationSettings settings = settings(decoding, batch, model);
                    recorder.measure(
                            "generate/%s/%s/b%d".formatted(subject.name(), decoding, batch),
                            () -> sample(generator, prompts, settings));
                }
            }
        }
    }

    private GenerationSettings settings(String decoding, int batch, DecoderModel model) {
        GenerationSettings sampled = GenerationSettings.sampled(newTokens, Sampling.plain(), 3, List.of())
                .withSamples(samples)
                .withBatchSize(samples * batch);
        return switch (decoding) {
            case "greedy" -> GenerationSettings.greedy(newTokens, List.of()).withBatchSize(batch);
            case "sampled" -> sampled;
            case "pooled" -> {
                Set<HookPoint> points = new HashSet<>();
                for (int layer = 0; layer < model.config().layers(); layer++) {
                    points.add(new HookPoint(Site.RESID_POST, layer));
                }
                yield sampled.withPooled(points);
            }
            default -> throw new IllegalArgumentException("No such decoding: " + decoding);
        };
    }

    private static Sample sample(Generator generator, List<Prompt> prompts, GenerationSettings settings) {
        Lap.Start start = Lap.start();
        List<Generation> responses = generator.generate(prompts, settings);
        Lap lap = start.stop();
        double tokens = responses.stream()
                .mapToLong(response -> response.drawnTokens().length)
                .sum();
        return Sample.of(lap, "token", tokens);
    }
}
