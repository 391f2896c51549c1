package io.goodhart.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TensorTest {
    private Scope scope;

    @BeforeEach
    void open() {
        scope = Scope.open();
    }

    @AfterEach
    void close() {
        scope.close();
    }

    @Test
    void javaDataRoundTripsInEveryType() {
        assertThat(Tensors.of(new float[] {1, -2, 3.5f, 4}, 2, 2).toFloats()).containsExactly(1, -2, 3.5f, 4);
        assertThat(Tensors.of(new double[] {1e-300, 2}).toDoubles()).containsExactly(1e-300, 2);
        assertThat(Tensors.of(new long[] {Long.MIN_VALUE, 7}).toLongs()).containsExactly(Long.MIN_VALUE, 7);
        assertThat(Tensors.of(new boolean[] {true, false}).toBooleans()).containsExactly(true, false);
        assertThat(Tensors.of(new int[] {1, 2}).type()).isEqualTo(DataType.INT64);
        assertThat(Tensors.of(new long[] {3}).to(DataType.INT32).toLongs()).containsExactly(3);
        assertThat(Tensors.scalar(2.5f).shape()).isEmpty();
        assertThat(Tensors.scalar(2.5).asDouble()).isEqualTo(2.5);
    }

    @Test
    void arithmeticBroadcastsAndReduces() {
        Tensor x = Tensors.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
        assertThat(x.plus(Tensors.of(new float[] {10, 20, 30})).toFloats()).containsExactly(11, 22, 33, 14, 25, 36);
        assertThat(x.scaled(2).shifted(-1).toFloats()).containsExactly(1, 3, 5, 7, 9, 11);
        assertThat(x.sum(0).toFloats()).containsExactly(5, 7, 9);
        assertThat(x.mean(1).toFloats()).containsExactly(2, 5);
        assertThat(x.mean().asFloat()).isEqualTo(3.5f);
        assertThat(x.max(1).toFloats()).containsExactly(3, 6);
        assertThat(x.argMax(-1).toLongs()).containsExactly(2, 2);
        assertThat(x.matMul(x.transpose(0, 1)).toFloats()).containsExactly(14, 32, 32, 77);
        assertThat(x.slice(1, 0, -1).toFloats()).containsExactly(1, 2, 4, 5);
        assertThat(x.slice(1, 1).toFloats()).containsExactly(2, 3, 5, 6);
        assertThat(x.select(0, -1).toFloats()).containsExactly(4, 5, 6);
        assertThat(x.permute(1, 0).shape()).containsExactly(3, 2);
        assertThat(x.cumSum(1).toFloats()).containsExactly(1, 3, 6, 4, 9, 15);
        assertThat(x.clamped(2, 5).toFloats()).containsExactly(2, 2, 3, 4, 5, 5);
        assertThat(x.pow(2).toFloats()).containsExactly(1, 4, 9, 16, 25, 36);
    }

    @Test
    void aLargeTensorIsMadeAndReadInPieces() {
        Tensor countsNM = Tensors.of(
                (from, target) -> {
                    for (int i = 0; i < target.length; i++) {
                        target[i] = from + i;
                    }
                },
                701,
                301); // several pieces, the last one short
        float[] some = new float[3];
        countsNM.read(210_000, some);
        assertThat(some).containsExactly(210_000, 210_001, 210_002);
        assertThat(countsNM.toFloats()[701 * 301 - 1]).isEqualTo(701 * 301 - 1);
        countsNM.transpose(0, 1).read(700, some); // element [0, 700], then [1, 0], [1, 1]
        assertThat(some).containsExactly(700 * 301, 1, 302);
        assertThatThrownBy(() -> countsNM.read(701 * 301 - 2, some)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void picksRowsAndElements() {
        Tensor tableVD = Tensors.of(new float[] {1, 2, 3, 4, 5, 6}, 3, 2);
        assertThat(tableVD.rows(Tensors.of(new long[] {2, 0})).toFloats()).containsExactly(5, 6, 1, 2);
        assertThat(tableVD.gatherLast(Tensors.of(new long[] {1, 0, 1})).toFloats())
                .containsExactly(2, 3, 6);
        assertThat(tableVD.indexSelect(1, Tensors.of(new long[] {1})).toFloats())
                .containsExactly(2, 4, 6);
        assertThat(tableVD.indexSelect(0, Tensors.of(new long[] {1, 1})).toFloats())
                .containsExactly(3, 4, 3, 4);
        TopK top = tableVD.topK(1, 0);
        assertThat(top.values().toFloats()).containsExactly(5, 6);
        assertThat(top.indices().toLongs()).containsExactly(2, 2);
    }

    @Test
    void masksSelectAndFill() {
        Tensor x = Tensors.of(new float[] {1, 2, 3, 4});
        Tensor big = x.greaterThan(2);
        assertThat(big.toBooleans()).containsExactly(false, false, true, true);
        assertThat(x.where(big, x.negated()).toFloats()).containsExactly(-1, -2, 3, 4);
        assertThat(x.maskedFill(big.not(), 0).toFloats()).containsExactly(0, 0, 3, 4);
        assertThat(x.isFinite()).isTrue();
        assertThat(x.dividedBy(Tensors.zeros(4)).isFinite()).isFalse();
    }

    @Test
    void logSumExpStaysFiniteForLargeNumbers() {
        Tensor x = Tensors.of(new float[] {1000, 1000, -1000, 0}, 2, 2);
        assertThat(x.logSumExp(-1).toFloats()[0]).isCloseTo(1000 + (float) Math.log(2), within(1e-3f));
    }

    @Test
    void writesInPlaceOutsideGraphsOnly() {
        Tensor cache = Tensors.zeros(2, 4);
        cache.assign(1, 1, Tensors.of(new float[] {1, 2, 3, 4}, 2, 2));
        assertThat(cache.toFloats()).containsExactly(0, 1, 2, 0, 0, 3, 4, 0);
        assertThatThrownBy(() -> cache.assign(1, 3, Tensors.zeros(2, 2))).isInstanceOf(ShapeMismatchException.class);
        cache.requireGradient();
        try (Autograd.Mode _ = Autograd.recording()) {
            assertThatThrownBy(() -> cache.addInPlace(Tensors.ones(2, 4))).hasMessageContaining("in place");
            assertThatThrownBy(() -> cache.to(DataType.FLOAT64)).hasMessageContaining("cut the graph");
        }
    }

    @Test
    void floatTypesDoNotMixSilently() {
        assertThatThrownBy(() -> Tensors.ones(2).plus(Tensors.ones(DataType.FLOAT64, 2)))
                .isInstanceOf(ShapeMismatchException.class)
                .hasMessageContaining("do not mix");
    }

    @Test
    void aClosedTensorSaysSo() {
        Tensor x = Tensors.ones(2);
        x.close();
        assertThatThrownBy(x::exp).isInstanceOf(IllegalStateException.class).hasMessageContaining("closed");
    }

    @Test
    void largeArraysComeBackWhole() {
        float[] values = new float[100_000];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }
        assertThat(Tensors.of(values).toFloats()).isEqualTo(values);
        assertThat(Tensors.of(values, 100, 1000).transpose(0, 1).toFloats()[1]).isEqualTo(1000);
    }
}
