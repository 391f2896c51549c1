package io.goodhart.lm.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.goodhart.lm.Expected;
import io.goodhart.lm.block.KeyValueCache;
import io.goodhart.lm.hook.Hooks;
import io.goodhart.lm.model.DecoderModel;
import io.goodhart.lm.model.TokenBatch;
import io.goodhart.tensor.ComputeThread;
import io.goodhart.tensor.Scope;
import io.goodhart.tensor.Tensor;
import io.goodhart.testing.Fixtures;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Greedy generation against transformers' generate. */
class GeneratorGoldenTest {
    @BeforeAll
    static void useOneThread() {
        ComputeThread.prepare(1);
    }

    /** The compact models, and those of the whole set where it is. */
    static Stream<String> models() {
        return Stream.of(
                "small/gemma2",
                "small/gemma3-linear",
                "small/gpt2-inverse",
                "small/gpt_neox",
                "small/llama-rope3",
                "small/mistral",
                "small/olmo2",
                "small/phi3",
                "small/qwen2-sliding",
                "small/qwen3",
                "gemma2",
                "gemma3",
                "gpt2",
                "gpt_neox",
                "gpt_neox-sequential",
                "llama",
                "llama-rope3",
                "mistral",
                "qwen2",
                "qwen3");
    }

    private static Path folder(String name) {
        Optional<Path> folder = Fixtures.find("lm/" + name);
        assumeTrue(folder.isPresent(), name + " is not in the compact part of the fixtures");
        return folder.orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("models")
    void greedyTokensAreThoseOfTheReference(String name) throws IOException {
        Path folder = folder(name);
        try (Expected expected = Expected.in(folder);
                DecoderModel model = DecoderModel.load(folder);
                Generator generator = new Generator(model)) {
            long[][] wanted = Expected.split(expected.longs("generate.tokens"), 16);
            List<Prompt> prompts = Prompt.numbered(expected.rows("left"));
            for (int batch : List.of(1, 2, 64)) {
                List<Generation> actual = generator.generate(
                        prompts, GenerationSettings.greedy(16, List.of()).withBatchSize(batch));
                for (int row = 0; row < wanted.length; row++) {
                    assertThat(longs(actual.get(row).tokens()))
                            .as("batch %d", batch)
                            .isEqualTo(wanted[row]);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void aStopTokenEndsARowAndNoOther(String name) throws IOException {
        Path folder = folder(name);
        try (Expected expected = Expected.in(folder);
                DecoderModel model = DecoderModel.load(folder);
                Generator generator = new Generator(model)) {
            long[][] wanted = Expected.split(expected.longs("generate.stopped_tokens"), 16);
            int stop = expected.json().path("generate").path("stop_id").asInt();
            List<Generation> actual = generator.generate(
                    Prompt.numbered(expected.rows("left")), GenerationSettings.greedy(16, List.of(stop)));
            for (int row = 0; row < wanted.length; row++) {
                long[] drawn = longs(actual.get(row).drawnTokens());
                assertThat(drawn).isEqualTo(Arrays.copyOf(wanted[row], drawn.length));
                assertThat(actual.get(row).stopId().isPresent()).isEqualTo(drawn[drawn.length - 1] == stop);
                assertThat(drawn.length == 16 || drawn[drawn.length - 1] == stop)
                        .isTrue();
            }
            assertThat(actual).anyMatch(generation -> generation.stopId().isPresent());
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void logitsOfEveryStepAreThoseOfTheReference(String name) throws IOException {
        Path folder = folder(name);
        try (Expected expected = Expected.in(folder);
                DecoderModel model = DecoderModel.load(folder);
                Scope scope = Scope.open()) {
            TokenBatch batch = TokenBatch.leftPadded(expected.rows("left"));
            long[][] tokens = Expected.split(expected.longs("generate.tokens"), 16);
            int vocabulary = model.config().vocabulary();
            float[] wanted = expected.floats("generate.step_logits");
            double tolerance =
                    Expected.TOLERANCE * expected.json().path("logit_std").asDouble();
            int[] starts = IntStream.range(0, batch.rows()).map(batch::start).toArray();
            try (KeyValueCache cache = new KeyValueCache(starts, batch.length() + 16)) {
                Tensor hidden = model.prefill(batch, cache, Hooks.none());
                for (int step = 0; step < 16; step++) {
                    float[] logits = model.logits(hidden).select(0, 0).toFloats();
                    for (int v = 0; v < vocabulary; v++) {
                        assertThat(Math.abs(logits[v] - wanted[step * vocabulary + v]))
                                .isLessThan((float) tolerance);
                    }
                    int at = step;
                    int[] next = IntStream.range(0, batch.rows())
                            .map(row -> (int) tokens[row][at])
                            .toArray();
                    hidden = model.step(next, cache, Hooks.none());
                }
            }
        }
    }

    private static long[] longs(int[] ids) {
        return IntStream.of(ids).asLongStream().toArray();
    }
}
