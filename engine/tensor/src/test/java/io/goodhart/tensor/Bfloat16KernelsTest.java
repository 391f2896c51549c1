package io.goodhart.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class Bfloat16KernelsTest {
    /** Largest relative error of one rounding to 8 significant bits. */
    private static final double ROUNDING = Math.scalb(1, -8);

    private Scope scope;

    @BeforeEach
    void open() {
        ComputeThread.prepare(1, Device.cpu(), Precision.BFLOAT16);
        scope = Scope.open();
    }

    @AfterEach
    void close() {
        scope.close();
        ComputeThread.prepare(1);
    }

    @Test
    void aDeviceBringsItsPrecision() {
        assertThat(Precision.of(Device.cpu())).isEqualTo(Precision.FLOAT32);
        assertThat(Precision.of(Device.cuda(0))).isEqualTo(Precision.BFLOAT16);
    }

    @Test
    void smallWholeNumbersAreMultipliedExactly() {
        Tensor x = Tensors.of(new float[] {1, -2, 3, 4, 5, -6}, 2, 3);
        Tensor weightOI = Tensors.of(new float[] {1, 2, 3, -1, 0, 7}, 2, 3);
        Tensor y = Kernels.best().linear(x, weightOI, Tensors.of(new float[] {0.5f, 0}));
        assertThat(y.type()).isEqualTo(DataType.FLOAT32);
        assertThat(y.toFloats()).containsExactly(6.5f, 20, -3.5f, -46);
    }

    @Test
    void factorsAreRoundedToEightSignificantBits() {
        float tooFine = 1 + 1f / 1024; // rounds to 1
        Tensor y =
                Kernels.best().linear(Tensors.of(new float[] {tooFine}, 1, 1), Tensors.of(new float[] {3}, 1, 1), null);
        assertThat(y.toFloats()).containsExactly(3);
    }

    @Test
    void linearMapsAndTheirGradientsAreThoseOfFloat32UpToRounding() {
        Tensor x = wave(4, 24).requireGradient();
        Tensor weightOI = wave(6, 24).cos().requireGradient();
        Tensor upstream = wave(4, 6).cos();
        Tensor y;
        try (Autograd.Mode _ = Autograd.recording()) {
            y = Kernels.best().linear(x, weightOI, null);
            Autograd.backward(y.times(upstream).sum());
        }
        Tensor exact = x.detached().linear(weightOI.detached());
        near(
                y.detached(),
                exact,
                bound(x.detached().abs().linear(weightOI.detached().abs())));
        Tensor slopeX = upstream.matMul(weightOI.detached());
        near(
                gradient(x),
                slopeX,
                bound(upstream.abs().matMul(weightOI.detached().abs())));
        Tensor slopeW = upstream.transpose(0, 1).matMul(x.detached());
        near(
                gradient(weightOI),
                slopeW,
                bound(upstream.abs().transpose(0, 1).matMul(x.detached().abs())));
    }

    @Test
    void attentionIsThatOfFloat32UpToRounding() {
        Tensor q = wave(1, 2, 5, 8);
        Tensor k = q.shifted(0.3).cos();
        Tensor v = q.scaled(2).shifted(-0.5);
        Tensor mask = Masks.causal(5);
        Tensor exact = Kernels.reference().causalAttention(q, k, v, 0.4);
        for (Tensor y : new Tensor[] {
            Kernels.best().causalAttention(q, k, v, 0.4), Kernels.best().attention(q, k, v, mask, 0.4)
        }) {
            assertThat(y.type()).isEqualTo(DataType.FLOAT32);
            near(y, exact, Tensors.full(DataType.FLOAT32, 0.05, exact.shape()));
        }
        near(
                Kernels.best().attention(q, k, v, null, 0.4),
                Kernels.reference().attention(q, k, v, null, 0.4),
                Tensors.full(DataType.FLOAT32, 0.05, exact.shape()));
    }

    @Test
    void anUpdateTooFineForTheShortTypeReachesTheWeight() {
        Tensor weightOI = Tensors.of(new float[] {1}, 1, 1).requireGradient();
        try (AdamW optimizer = new AdamW(Map.of("w", weightOI), Set.of(), AdamWSettings.standard(), Kernels.best())) {
            for (int step = 0; step < 3; step++) {
                optimizer.zeroGradients();
                try (Autograd.Mode _ = Autograd.recording()) {
                    Autograd.backward(Kernels.best()
                            .linear(Tensors.of(new float[] {1}, 1, 1), weightOI, null)
                            .sum());
                }
                optimizer.step(1e-4);
            }
        }
        assertThat(weightOI.detached().asFloat())
                .isCloseTo(1 - 3e-4f, within(1e-6f)); // bfloat16 has no number between 1 and 1 − 2⁻⁸
    }

    @Test
    void largeNumbersStayFinite() {
        Tensor x = Tensors.of(new float[] {1e30f}, 1, 1);
        assertThat(Kernels.best()
                        .linear(x, Tensors.of(new float[] {1e7f}, 1, 1), null)
                        .asFloat())
                .isCloseTo(1e37f, within(1e35f));
    }

    @Test
    void float64IsLeftAlone() {
        Tensor x = Tensors.of(new double[] {1 + 1.0 / 1024}, 1, 1);
        assertThat(Kernels.best()
                        .linear(x, Tensors.of(new double[] {3}, 1, 1), null)
                        .asDouble())
                .isEqualTo(3 + 3.0 / 1024);
    }

    /** Both factors and the result are rounded, each by a relative error of {@link #ROUNDING} at most. */
    private static Tensor bound(Tensor sizes) {
        return sizes.scaled(3.1 * ROUNDING);
    }

    private static void near(Tensor actual, Tensor expected, Tensor bound) {
        float[] differences = actual.minus(expected).abs().minus(bound).toFloats();
        for (float difference : differences) {
            assertThat(difference).isLessThanOrEqualTo(0);
        }
        assertThat(actual.toFloats()).isNotEqualTo(expected.toFloats());
    }

    private static Tensor gradient(Tensor leaf) {
        return Objects.requireNonNull(leaf.gradient());
    }

    private static Tensor wave(long... shape) {
        long count = 1;
        for (long size : shape) {
            count *= size;
        }
        return Tensors.arange(count).to(DataType.FLOAT32).scaled(0.7).sin().reshape(shape);
    }
}
