package io.goodhart.lm.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.goodhart.domain.SplitMix;
import io.goodhart.domain.model.Site;
import io.goodhart.lm.hook.HookPoint;
import io.goodhart.lm.hook.Hooks;
import io.goodhart.lm.model.CompletionBatch;
import io.goodhart.lm.model.DecoderModel;
import io.goodhart.lm.model.ForwardResult;
import io.goodhart.tensor.ComputeThread;
import io.goodhart.tensor.Sampling;
import io.goodhart.tensor.Scope;
import io.goodhart.tensor.Tensor;
import io.goodhart.tensor.Tensors;
import io.goodhart.testing.Fixtures;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a caller may rely on, on the bundled model: real text ends by itself, at different lengths. */
class GeneratorTest {
    private static final int PROMPTS = 24;
    private static final Set<HookPoint> POINTS = Set.of(
            new HookPoint(Site.RESID_POST, 1),
            new HookPoint(Site.MLP_ACT, 4),
            new HookPoint(Site.RESID_POST, 5),
            HookPoint.finalNorm());

    @SuppressWarnings("NullAway.Init")
    private static DecoderModel model;

    @SuppressWarnings("NullAway.Init")
    private static Generator generator;

    private static final GenerationSettings SETTINGS =
            GenerationSettings.sampled(24, Sampling.plain(), 11, List.of(1)).withPooled(POINTS);

    @BeforeAll
    static void load() throws IOException {
        ComputeThread.prepare(1);
        model = DecoderModel.load(Fixtures.model("tiny-gemma3"));
        generator = new Generator(model);
        // Copies of weights are made by the first call and stay.
        generator.generate(prompts().subList(0, 1), SETTINGS);
    }

    @AfterAll
    static void close() {
        generator.close();
        model.close();
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY})
    void scoresThatAreNotFiniteEndTheGeneration(float damage) throws IOException {
        try (DecoderModel damaged = DecoderModel.load(Fixtures.path("lm/gpt2"));
                Generator ofDamaged = new Generator(damaged);
                Scope scope = Scope.open()) {
            Tensor bias = damaged.parameters().get("transformer.ln_f.bias");
            bias.assign(0, 3, Tensors.of(new float[] {damage}, 1));
            List<Prompt> prompts = List.of(Prompt.of(17, new int[] {3, 4, 5}));
            for (GenerationSettings settings : List.of(
                    GenerationSettings.greedy(4, List.of()),
                    GenerationSettings.sampled(4, Sampling.plain(), 1, List.of()),
                    GenerationSettings.sampled(4, new Sampling(0.7, 5, 0.9), 1, List.of()))) {
                assertThatExceptionOfType(DivergedException.class)
                        .isThrownBy(() -> ofDamaged.generate(prompts, settings))
                        .withMessage("The scores of token 1 of a response to prompt 17 are not finite");
            }
        }
    }

    /** Random tokens behind the beginning marker; one prompt longer than the sliding window of 64. */
    private static List<Prompt> prompts() {
        SplitMix random = new SplitMix(5);
        List<int[]> prompts = new ArrayList<>();
        for (int i = 0; i < PROMPTS; i++) {
            int[] tokens = new int[i == 3 ? 80 : 2 + random.below(9)];
            Arrays.setAll(tokens, place -> place == 0 ? 2 : 3 + random.below(4000));
            prompts.add(tokens);
        }
        return Prompt.numbered(prompts);
    }

    private static List<int[]> tokens(List<Generation> generations) {
        return generations.stream()
                .sorted(Comparator.comparingLong(Generation::promptIndex).thenComparingInt(Generation::sample))
                .map(Generation::drawnTokens)
                .toList();
    }

    private static void assertSame(List<int[]> actual, List<int[]> expected) {
        assertThat(actual.stream().map(Arrays::toString))
                .containsExactlyElementsOf(
                        expected.stream().map(Arrays::toString).toList());
    }

    @Test
    void batchSizeAndOrderChangeNothing() {
        List<int[]> expected = tokens(generator.generate(prompts(), SETTINGS.withBatchSize(1)));
        assertThat(expected.stream().mapToInt(ids -> ids.length).distinct().count())
                .isGreaterThan(3);
        for (int batch : List.of(4, 16, 64)) {
            assertSame(tokens(generator.generate(prompts(), SETTINGS.withBatchSize(batch))), expected);
        }
        List<Prompt> shuffled = new ArrayList<>(prompts());
        Collections.shuffle(shuffled, new java.util.Random(3));
        assertSame(tokens(generator.generate(shuffled, SETTINGS.withBatchSize(16))), expected);
    }

    @Test
    void samplesOfAPromptDifferAndDoNotDependOnTheirNumber() {
        List<Generation> three =
                generator.generate(prompts(), SETTINGS.withSamples(3).withBatchSize(7));
        List<Generation> one = generator.generate(prompts(), SETTINGS);
        assertThat(three).hasSize(3 * PROMPTS);
        assertSame(
                tokens(three.stream()
                        .filter(generation -> generation.sample() == 0)
                        .toList()),
                tokens(one));
        assertThat(three.get(0).drawnTokens()).isNotEqualTo(three.get(1).drawnTokens());
        assertThat(three.stream().map(Generation::promptIndex).distinct()).hasSize(PROMPTS);
    }

    @Test
    void anotherSeedGivesOtherResponses() {
        GenerationSettings other = GenerationSettings.sampled(24, Sampling.plain(), 12, List.of(1));
        assertThat(tokens(generator.generate(prompts(), other)).stream().map(Arrays::toString))
                .isNotEqualTo(tokens(generator.generate(prompts(), SETTINGS)).stream()
                        .map(Arrays::toString)
                        .toList());
    }

    @Test
    void topKOfOneIsGreedyAndTruncationsGoThrough() {
        List<int[]> greedy = tokens(generator.generate(prompts(), GenerationSettings.greedy(8, List.of(1))));
        GenerationSettings one = GenerationSettings.sampled(8, new Sampling(0.7, 1, 1), 4, List.of(1));
        assertSame(tokens(generator.generate(prompts(), one)), greedy);
        GenerationSettings nucleus = GenerationSettings.sampled(8, new Sampling(0.8, 50, 0.9), 4, List.of(1));
        assertSame(
                tokens(generator.generate(prompts(), nucleus.withBatchSize(3))),
                tokens(generator.generate(prompts(), nucleus)));
    }

    @Test
    void pooledActivationsEqualThoseOfAForwardPassOverTheFinishedText() {
        List<Prompt> prompts = prompts();
        List<Generation> generations =
                generator.generate(prompts, SETTINGS.withSamples(2).withBatchSize(16));
        for (Generation generation : generations) {
            int[] response = generation.tokens();
            if (response.length == 0) {
                assertThat(generation.pooled(HookPoint.finalNorm())).isEmpty();
                continue;
            }
            int[] prompt = prompts.get((int) generation.promptIndex()).tokens();
            CompletionBatch batch = CompletionBatch.of(List.of(prompt), List.of(response));
            try (Scope scope = Scope.open()) {
                ForwardResult forced = model.forward(batch.tokens(), Hooks.capturing(POINTS));
                for (HookPoint point : POINTS) {
                    Tensor mean = batch.meansBD(batch.completionsND(forced.at(point)));
                    assertThat(generation.pooled(point).orElseThrow())
                            .as("%s of %d tokens", point, response.length)
                            .usingComparatorWithPrecision(2e-4f)
                            .containsExactly(mean.toFloats());
                }
            }
        }
    }

    @Test
    void responsesStopAtTheirLongestAndPromptsThatDoNotFitAreRefused() {
        List<Generation> endless = generator.generate(
                prompts(), GenerationSettings.greedy(5, List.of()).withPooled(POINTS));
        assertThat(endless).allSatisfy(generation -> {
            assertThat(generation.tokens()).hasSize(5);
            assertThat(generation.stopId()).isEmpty();
            assertThat(generation.pooled(HookPoint.finalNorm())).isPresent();
        });
        int[] full = new int[250];
        Arrays.fill(full, 7);
        assertThat(generator.generate(
                        List.of(Prompt.of(0, full), Prompt.of(1, new int[] {2})),
                        GenerationSettings.greedy(6, List.of()).withPooled(POINTS)))
                .allSatisfy(generation -> assertThat(generation.tokens()).hasSize(6));
        assertThatThrownBy(
                        () -> generator.generate(List.of(Prompt.of(9, full)), GenerationSettings.greedy(7, List.of())))
                .hasMessageContaining("Prompt 9 has 250 tokens");
    }

    @Test
    void cancellingStopsAtTheNextStepAndNothingLeaks() {
        generator.generate(prompts(), SETTINGS.withBatchSize(5)); // warms caches that stay
        long before = Scope.liveHandles();
        int[] steps = {0};
        GenerationListener listener = new GenerationListener() {
            @Override
            public void onStep(Progress progress) {
                steps[0]++;
                assertThat(progress.total()).isEqualTo(PROMPTS);
            }

            @Override
            public boolean isCancelled() {
                return steps[0] == 4;
            }
        };
        assertThatThrownBy(() -> generator.generate(prompts(), SETTINGS.withBatchSize(5), listener))
                .isInstanceOf(CancellationException.class);
        assertThat(steps[0]).isEqualTo(4);
        generator.generate(prompts(), SETTINGS.withBatchSize(5));
        assertThat(Scope.liveHandles()).isEqualTo(before);
    }

    /** The bundled model is small enough that responses are divided among threads. */
    @Test
    void threadsChangeNothing() {
        List<Generation> expected = generator.generate(prompts(), SETTINGS.withSamples(2));
        long before = Scope.liveHandles();
        for (int threads : List.of(2, 3)) {
            List<Generation> lanes = onThreads(
                    threads,
                    () -> generator.generate(prompts(), SETTINGS.withSamples(2).withBatchSize(10)));
            assertThat(lanes).hasSameSizeAs(expected);
            for (int i = 0; i < lanes.size(); i++) {
                assertThat(lanes.get(i).promptIndex()).isEqualTo(expected.get(i).promptIndex());
                assertThat(lanes.get(i).sample()).isEqualTo(expected.get(i).sample());
                assertThat(lanes.get(i).drawnTokens()).isEqualTo(expected.get(i).drawnTokens());
                for (HookPoint point : POINTS) {
                    assertClose(lanes.get(i).pooled(point), expected.get(i).pooled(point));
                }
            }
        }
        assertThat(Scope.liveHandles()).isEqualTo(before);
    }

    @Test
    void threadsAreUsed() {
        Set<Thread> seen = ConcurrentHashMap.newKeySet();
        GenerationListener listener = new GenerationListener() {
            @Override
            public void onStep(Progress progress) {
                seen.add(Thread.currentThread());
            }
        };
        onThreads(3, () -> generator.generate(prompts(), SETTINGS, listener));
        assertThat(seen).hasSize(3);
        seen.clear();
        onThreads(3, () -> generator.generate(prompts().subList(0, 1), SETTINGS, listener));
        assertThat(seen).hasSize(1);
    }

    @Test
    void progressOfThreadsIsOneAccountAndCanBeCancelled() {
        long before = Scope.liveHandles();
        List<GenerationListener.Progress> told = new ArrayList<>();
        GenerationListener listener = new GenerationListener() {
            @Override
            public void onStep(Progress progress) {
                told.add(progress);
            }
        };
        List<Generation> all = onThreads(2, () -> generator.generate(prompts(), SETTINGS.withBatchSize(6), listener));
        assertThat(told).isSortedAccordingTo(Comparator.comparingLong(GenerationListener.Progress::tokens));
        assertThat(told).isSortedAccordingTo(Comparator.comparingInt(GenerationListener.Progress::finished));
        assertThat(told.getLast())
                .isEqualTo(new GenerationListener.Progress(
                        PROMPTS,
                        PROMPTS,
                        all.stream()
                                .mapToLong(response -> response.drawnTokens().length)
                                .sum()));
        GenerationListener impatient = new GenerationListener() {
            @Override
            public boolean isCancelled() {
                return true;
            }
        };
        assertThatThrownBy(() -> onThreads(2, () -> generator.generate(prompts(), SETTINGS, impatient)))
                .isInstanceOf(CancellationException.class);
        assertThat(Scope.liveHandles()).isEqualTo(before);
    }

    @Test
    void aThreadThatFailsEndsTheOthers() {
        GenerationListener failing = new GenerationListener() {
            @Override
            public void onStep(Progress progress) {
                if (progress.tokens() > 20) {
                    throw new IllegalStateException("full disk");
                }
            }
        };
        long before = Scope.liveHandles();
        assertThatThrownBy(() -> onThreads(2, () -> generator.generate(prompts(), SETTINGS, failing)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("full disk");
        assertThat(Scope.liveHandles()).isEqualTo(before);
    }

    private static <T> T onThreads(int threads, Supplier<T> work) {
        try (ExecutorService executor = Executors.newSingleThreadExecutor()) {
            return executor.submit(() -> {
                        ComputeThread.prepare(threads);
                        return work.get();
                    })
                    .get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void assertClose(Optional<float[]> actual, Optional<float[]> expected) {
        assertThat(actual.isPresent()).isEqualTo(expected.isPresent());
        if (actual.isPresent()) {
            assertThat(actual.get()).containsExactly(expected.get(), Offset.offset(2e-4f));
        }
    }

    @Test
    void interventionsActOnPromptAndResponse() {
        GenerationSettings greedy = GenerationSettings.greedy(6, List.of());
        Hooks silenced = Hooks.none().edit(new HookPoint(Site.RESID_POST, 2), x -> x.scaled(0.2));
        List<int[]> changed = tokens(generator.generate(prompts(), greedy.withHooks(silenced)));
        assertThat(changed.stream().map(Arrays::toString).toList())
                .isNotEqualTo(tokens(generator.generate(prompts(), greedy)).stream()
                        .map(Arrays::toString)
                        .toList());
        assertSame(
                tokens(generator.generate(prompts(), greedy.withHooks(silenced).withBatchSize(2))), changed);
    }
}
