package io.goodhart.lm.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.goodhart.lm.hook.Hooks;
import io.goodhart.lm.model.DecoderModel;
import io.goodhart.lm.model.TokenBatch;
import io.goodhart.tensor.ComputeThread;
import io.goodhart.tensor.Scope;
import io.goodhart.tensor.Tensor;
import io.goodhart.testing.Fixtures;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Decoding with a cache against the whole sequence at once, where windows (4 tokens) and paddings meet. */
class KeyValueCacheTest {
    private static final int STEPS = 30;

    @BeforeAll
    static void useOneThread() {
        ComputeThread.prepare(1);
    }

    private static int[] sequence(int seed, int length) {
        return IntStream.range(0, length)
                .map(i -> 3 + (i * 7 + seed * 5 + i * i) % 37)
                .toArray();
    }

    private static float[] whole(DecoderModel model, int[] sequence) {
        try (Scope scope = Scope.open()) {
            Tensor hidden = model.forward(TokenBatch.rightPadded(List.of(sequence)), Hooks.none())
                    .hiddenBTD();
            return model.logits(hidden.select(1, sequence.length - 1)).toFloats();
        }
    }

    private static void feed(DecoderModel model, KeyValueCache cache, List<int[]> all, int[] fed) {
        try (Scope scope = Scope.open()) {
            int[] next = IntStream.range(0, all.size())
                    .map(row -> all.get(row)[fed[row]])
                    .toArray();
            float[] logits = model.logits(model.step(next, cache, Hooks.none())).toFloats();
            int vocabulary = model.config().vocabulary();
            for (int row = 0; row < all.size(); row++) {
                fed[row]++;
                float[] actual = Arrays.copyOfRange(logits, row * vocabulary, (row + 1) * vocabulary);
                float[] expected = whole(model, Arrays.copyOf(all.get(row), fed[row]));
                assertThat(actual).as("row %d at %d", row, fed[row]).containsExactly(expected, within(1e-4f));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mistral", "gemma2", "gemma3-linear", "qwen2-sliding", "phi3", "gpt_neox"})
    void decodingFarPastTheWindowBehindPaddingIsTheWholeSequenceAtOnce(String name) throws IOException {
        List<int[]> all = List.of(sequence(1, 40), sequence(2, 33), sequence(3, 32));
        int[] fed = {10, 3, 2};
        try (DecoderModel model = DecoderModel.load(Fixtures.path("lm/small/" + name))) {
            List<int[]> prompts = IntStream.range(0, 3)
                    .mapToObj(row -> Arrays.copyOf(all.get(row), fed[row]))
                    .toList();
            try (KeyValueCache cache = new KeyValueCache(new int[] {0, 7, 8}, 40)) {
                try (Scope scope = Scope.open()) {
                    model.prefill(TokenBatch.leftPadded(prompts), cache, Hooks.none());
                }
                for (int step = 0; step < STEPS; step++) {
                    feed(model, cache, all, fed);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mistral", "gemma2", "llama-rope3"})
    void rowsOfUnequalCachesGoOnAsIfTheyHadAlwaysBeenTogether(String name) throws IOException {
        List<int[]> all = List.of(sequence(4, 40), sequence(5, 40), sequence(4, 40), sequence(6, 40));
        int[] fed = {9, 2, 9, 5};
        try (DecoderModel model = DecoderModel.load(Fixtures.path("lm/small/" + name));
                KeyValueCache first =
                        filled(model, List.of(Arrays.copyOf(all.get(1), 2), Arrays.copyOf(all.get(0), 9)));
                KeyValueCache second = filled(model, List.of(Arrays.copyOf(all.get(3), 5)));
                KeyValueCache joined = KeyValueCache.join(
                        List.of(
                                new KeyValueCache.Selection(first, List.of(1, 0, 1)),
                                new KeyValueCache.Selection(second, List.of(0))),
                        12)) {
            assertThat(joined.padding()).containsExactly(0, 7, 0, 4);
            for (int step = 0; step < 12; step++) {
                feed(model, joined, all, fed);
            }
            assertThat(joined.hasRoom()).isFalse();
        }
    }

    private static KeyValueCache filled(DecoderModel model, List<int[]> prompts) {
        TokenBatch batch = TokenBatch.leftPadded(prompts);
        int[] starts = IntStream.range(0, batch.rows()).map(batch::start).toArray();
        KeyValueCache cache = new KeyValueCache(starts, batch.length());
        try (Scope scope = Scope.open()) {
            model.prefill(batch, cache, Hooks.none());
        }
        return cache;
    }
}
