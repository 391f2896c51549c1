package io.goodhart.lm.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.SplitMix;
import io.goodhart.domain.model.Site;
import io.goodhart.lm.adapter.LoraAdapter;
import io.goodhart.lm.adapter.LoraSettings;
import io.goodhart.lm.block.KeyValueCache;
import io.goodhart.lm.hook.HookPoint;
import io.goodhart.lm.hook.Hooks;
import io.goodhart.tensor.Autograd;
import io.goodhart.tensor.ComputeThread;
import io.goodhart.tensor.Scope;
import io.goodhart.tensor.Tensor;
import io.goodhart.tensor.Tensors;
import io.goodhart.testing.Fixtures;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Packed batches against padded ones: the same numbers at every token, forward and backward. */
class PackedBatchTest {
    /** Largest difference over the largest value: sums of float32 in another order. */
    private static final double NOISE = 5e-5;

    private static final int PROMPT = 20;

    @BeforeAll
    static void useOneThread() {
        ComputeThread.prepare(1);
    }

    /** gemma3 attends within windows shorter than the rows here. */
    static Stream<Path> models() {
        return Stream.of("gemma3", "gpt2", "llama", "mistral", "gemma2")
                .map(name -> Fixtures.find("lm/" + name))
                .flatMap(Optional::stream)
                .filter(PackedBatchTest::isSupported);
    }

    private static boolean isSupported(Path folder) {
        try (DecoderModel _ = DecoderModel.load(folder)) {
            return true;
        } catch (InvalidInputException | IOException e) {
            return false;
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void aSharedPromptGivesTheNumbersOfSeparateRows(Path folder) throws IOException {
        List<int[]> prompts = texts(1, PROMPT, 1, 7);
        List<int[]> chosen = texts(2, 9, 4, 11);
        List<int[]> rejected = texts(3, 3, 12, 11);
        List<int[]> rows = new ArrayList<>();
        for (int row = 0; row < 6; row++) {
            int[] completion = (row < 3 ? chosen : rejected).get(row % 3);
            rows.add(join(prompts.get(row % 3), completion));
        }
        assertSame(folder, TokenBatch.forked(prompts, chosen, rejected), TokenBatch.rightPadded(rows));
    }

    @ParameterizedTest
    @MethodSource("models")
    void packedRowsGiveTheNumbersOfPaddedOnes(Path folder) throws IOException {
        List<int[]> rows = texts(4, 13, 29, 1, 13, 2, 29);
        assertSame(folder, TokenBatch.packed(rows), TokenBatch.rightPadded(rows));
    }

    @Test
    void aPromptIsComputedOnce() {
        TokenBatch forked = TokenBatch.forked(texts(1, PROMPT, 7), texts(2, 9, 4), texts(3, 3, 12));
        assertThat(forked.lines()).isEqualTo(1);
        assertThat(forked.length()).isEqualTo(PROMPT + 9 + 3 + 7 + 4 + 12);
        assertThat(forked.tokens()).isEqualTo(2 * PROMPT + 9 + 3 + 2 * 7 + 4 + 12);
    }

    @Test
    void aPackedBatchCannotGoOn() throws IOException {
        try (DecoderModel model = DecoderModel.load(Fixtures.find("lm/gpt2").orElseThrow());
                KeyValueCache cache = new KeyValueCache(new int[] {0, 0}, 4);
                Scope _ = Scope.open()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> model.prefill(TokenBatch.packed(texts(1, 2, 2)), cache, Hooks.none()));
        }
    }

    private static void assertSame(Path folder, TokenBatch packed, TokenBatch padded) throws IOException {
        try (DecoderModel model = DecoderModel.load(folder);
                LoraAdapter adapter = LoraAdapter.create(model.table(), LoraSettings.allLinear(3, 6), 5)) {
            fill(adapter);
            model.setAdapter(adapter);
            Map<String, Tensor> parameters = new LinkedHashMap<>(model.parameters());
            parameters.putAll(adapter.parameters());
            parameters.values().forEach(Tensor::requireGradient);
            Map<String, float[]> expected = numbers(model, padded, parameters);
            Map<String, float[]> actual = numbers(model, packed, parameters);
            expected.forEach((name, values) -> assertClose(name, actual.get(name), values));
        }
    }

    /** Everything at every site, and the gradients of a weighted sum of the final hidden states. */
    private static Map<String, float[]> numbers(DecoderModel model, TokenBatch batch, Map<String, Tensor> parameters) {
        Map<String, float[]> numbers = new LinkedHashMap<>();
        List<HookPoint> points = new ArrayList<>(List.of(HookPoint.finalNorm()));
        for (int layer = 0; layer < model.config().layers(); layer++) {
            for (Site site : Site.values()) {
                if (site != Site.FINAL_NORM) {
                    points.add(new HookPoint(site, layer));
                }
            }
        }
        parameters.values().forEach(Tensor::zeroGradient);
        try (Scope _ = Scope.open();
                Autograd.Mode _ = Autograd.recording()) {
            ForwardResult result = model.forward(batch, Hooks.capturing(points));
            for (HookPoint point : points) {
                numbers.put(point.toString(), rows(result.at(point), batch).toFloats());
            }
            Tensor hiddenND = rows(result.hiddenBTD(), batch);
            Autograd.backward(hiddenND, weights(hiddenND.size(0), hiddenND.size(1)));
            parameters.forEach((name, parameter) -> {
                Tensor gradient = parameter.gradient();
                numbers.put("gradient of " + name, gradient == null ? new float[1] : gradient.toFloats());
            });
        }
        return numbers;
    }

    /** What is at the tokens of each sequence, one sequence behind the other. */
    private static Tensor rows(Tensor x, TokenBatch batch) {
        int[] places = new int[batch.tokens()];
        int n = 0;
        for (int row = 0; row < batch.rows(); row++) {
            for (int place = 0; place < batch.length(row); place++) {
                places[n++] = batch.flatIndex(row, place);
            }
        }
        return x.reshape(-1, x.size(2)).indexSelect(0, Tensors.of(places, places.length));
    }

    private static Tensor weights(long rows, long width) {
        SplitMix random = new SplitMix(9);
        float[] weights = new float[Math.toIntExact(rows * width)];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (float) random.uniform() - 0.4f;
        }
        return Tensors.of(weights, rows, width);
    }

    private static void fill(LoraAdapter adapter) {
        SplitMix random = new SplitMix(3);
        try (Scope _ = Scope.open()) {
            for (Tensor tensor : adapter.parameters().values()) {
                float[] values = new float[Math.toIntExact(tensor.elements())];
                for (int i = 0; i < values.length; i++) {
                    values[i] = 0.2f * ((float) random.uniform() - 0.5f);
                }
                tensor.copyFrom(Tensors.of(values, tensor.shape()));
            }
        }
    }

    private static void assertClose(String name, float[] actual, float[] expected) {
        assertThat(actual).as(name).hasSameSizeAs(expected);
        double largest = 1e-6;
        double worst = 0;
        for (int i = 0; i < expected.length; i++) {
            largest = Math.max(largest, Math.abs(expected[i]));
            double distance = Math.abs((double) actual[i] - expected[i]);
            worst = Math.max(worst, Double.isNaN(distance) ? Double.POSITIVE_INFINITY : distance);
        }
        assertThat(worst / largest).as(name).isLessThan(NOISE);
    }

    private static List<int[]> texts(long seed, int... lengths) {
        SplitMix random = new SplitMix(seed);
        List<int[]> texts = new ArrayList<>();
        for (int length : lengths) {
            int[] text = new int[length];
            for (int t = 0; t < length; t++) {
                text[t] = 3 + random.below(60);
            }
            texts.add(text);
        }
        return texts;
    }

    private static int[] join(int[] prompt, int[] completion) {
        int[] joined = Arrays.copyOf(prompt, prompt.length + completion.length);
        System.arraycopy(completion, 0, joined, prompt.length, completion.length);
        return joined;
    }
}
