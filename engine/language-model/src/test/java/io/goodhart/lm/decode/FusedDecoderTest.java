package io.goodhart.lm.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.goodhart.domain.model.Site;
import io.goodhart.lm.Expected;
import io.goodhart.lm.block.KeyValueCache;
import io.goodhart.lm.hook.HookPoint;
import io.goodhart.lm.hook.Hooks;
import io.goodhart.lm.model.DecoderModel;
import io.goodhart.lm.model.TokenBatch;
import io.goodhart.modelfiles.config.BlockLayout;
import io.goodhart.tensor.ComputeThread;
import io.goodhart.tensor.Scope;
import io.goodhart.tensor.Tensor;
import io.goodhart.testing.Fixtures;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A step in one call against the same step operation by operation, over rows padded on the left. */
class FusedDecoderTest {
    /** Sums in another order, in float32, through all layers; relative to the largest value at the point. */
    private static final float ROUNDING = 3e-5f;

    private static final int STEPS = 5;

    @BeforeAll
    static void useOneThread() {
        ComputeThread.prepare(1);
    }

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
                "gemma3",
                "gpt_neox-sequential",
                "qwen2");
    }

    @ParameterizedTest
    @MethodSource("models")
    void everySiteIsWhatTheBlocksCompute(String name) throws IOException {
        Optional<Path> folder = Fixtures.find("lm/" + name);
        assumeTrue(folder.isPresent(), name + " is not in the compact part of the fixtures");
        try (Expected expected = Expected.in(folder.orElseThrow());
                DecoderModel model = DecoderModel.load(folder.orElseThrow())) {
            TokenBatch prompts = TokenBatch.leftPadded(expected.rows("left"));
            compare(model, prompts, MatrixForm.PLAIN); // fills the tables of positions, which stay
            long before = Scope.liveHandles();
            compare(model, prompts, MatrixForm.PACKED);
            assertThat(Scope.liveHandles()).isEqualTo(before);
        }
    }

    private static void compare(DecoderModel model, TokenBatch prompts, MatrixForm form) {
        List<HookPoint> points = points(model);
        int[] starts = IntStream.range(0, prompts.rows()).map(prompts::start).toArray();
        try (Scope scope = Scope.open();
                FusedDecoder fused = model.fused(form);
                KeyValueCache ofFused = new KeyValueCache(starts, prompts.length() + STEPS);
                KeyValueCache ofBlocks = new KeyValueCache(starts, prompts.length() + STEPS)) {
            FusedDecoder.Steps steps = fused.at(Set.copyOf(points));
            assertThat(steps.points()).containsExactlyInAnyOrderElementsOf(points);
            model.prefill(prompts, ofFused, Hooks.none());
            model.prefill(prompts, ofBlocks, Hooks.none());
            for (int step = 0; step < STEPS; step++) {
                int shift = 3 + 2 * step;
                int[] tokens = IntStream.range(0, starts.length)
                        .map(row -> shift + row)
                        .toArray();
                Map<HookPoint, float[]> seen = new LinkedHashMap<>();
                Tensor wantedBD = model.step(tokens, ofBlocks, observing(points, seen));
                List<Tensor> actual = steps.step(tokens, ofFused);
                assertThat(actual).hasSize(1 + points.size());
                for (int i = 0; i < points.size(); i++) {
                    assertClose(
                            form + " " + steps.points().get(i),
                            actual.get(1 + i).toFloats(),
                            seen.get(steps.points().get(i)));
                }
                assertClose("hidden", actual.get(0).toFloats(), wantedBD.toFloats());
                assertClose(
                        "scores",
                        fused.logits(actual.get(0)).toFloats(),
                        model.logits(wantedBD).toFloats());
            }
        }
    }

    private static List<HookPoint> points(DecoderModel model) {
        List<HookPoint> points = new ArrayList<>();
        for (int layer = 0; layer < model.config().layers(); layer++) {
            for (Site site : Site.values()) {
                boolean parallel = model.config().blocks().get(layer).residual() == BlockLayout.Residual.PARALLEL;
                if (site != Site.FINAL_NORM && !(parallel && site == Site.RESID_MID)) {
                    points.add(new HookPoint(site, layer));
                }
            }
        }
        points.add(HookPoint.finalNorm());
        return points;
    }

    private static Hooks observing(List<HookPoint> points, Map<HookPoint, float[]> seen) {
        Hooks hooks = Hooks.none();
        for (HookPoint point : points) {
            hooks = hooks.observe(point, x -> seen.put(point, x.toFloats()));
        }
        return hooks;
    }

    private static void assertClose(String what, float[] actual, float @org.jspecify.annotations.Nullable [] wanted) {
        assertThat(wanted).as(what).isNotNull();
        float largest = 0;
        for (float value : wanted) {
            largest = Math.max(largest, Math.abs(value));
        }
        assertThat(actual)
                .as(what + " beside " + Arrays.toString(Arrays.copyOf(wanted, 3)))
                .usingComparatorWithPrecision(ROUNDING * largest)
                .containsExactly(wanted);
    }
}
