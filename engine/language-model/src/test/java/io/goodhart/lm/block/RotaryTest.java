package io.goodhart.lm.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.goodhart.modelfiles.config.Rope;
import io.goodhart.modelfiles.config.Rope.Scaling;
import io.goodhart.tensor.ComputeThread;
import io.goodhart.tensor.Scope;
import io.goodhart.tensor.Tensor;
import io.goodhart.tensor.Tensors;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RotaryTest {
    private static final int HEAD = 8;
    private static final float[] QUERY = {0.7f, -1.2f, 0.4f, 2.1f, -0.3f, 0.9f, 1.5f, -0.8f};
    private static final float[] KEY = {-0.5f, 0.6f, 1.1f, -0.2f, 0.8f, 1.7f, -1.4f, 0.3f};

    @BeforeAll
    static void useOneThread() {
        ComputeThread.prepare(1);
    }

    static Stream<Arguments> ropes() {
        return Stream.of(
                arguments(new Rope(HEAD, 100, new Scaling.None())),
                arguments(new Rope(4, 100, new Scaling.None())),
                arguments(new Rope(HEAD, 100, new Scaling.Linear(4))),
                arguments(new Rope(HEAD, 100, new Scaling.Llama3(8, 1, 4, 32))));
    }

    private static float[] turned(Rotary rotary, float[] x, int position) {
        Rotary.Angles angles = rotary.at(Tensors.of(new long[] {position}, 1, 1), position);
        return angles.rotate(Tensors.of(x, 1, 1, 1, HEAD)).toFloats();
    }

    private static double product(Rotary rotary, int ofQuery, int ofKey) {
        float[] query = turned(rotary, QUERY, ofQuery);
        float[] key = turned(rotary, KEY, ofKey);
        double sum = 0;
        for (int i = 0; i < HEAD; i++) {
            sum += (double) query[i] * key[i];
        }
        return sum;
    }

    @ParameterizedTest
    @MethodSource("ropes")
    void atPositionZeroNothingTurns(Rope rope) {
        try (Scope scope = Scope.open();
                Rotary rotary = new Rotary(rope)) {
            assertThat(turned(rotary, QUERY, 0)).containsExactly(QUERY);
        }
    }

    @ParameterizedTest
    @MethodSource("ropes")
    void scoresDependOnTheDistanceOnly(Rope rope) {
        try (Scope scope = Scope.open();
                Rotary rotary = new Rotary(rope)) {
            double near = product(rotary, 5, 2);
            assertThat(product(rotary, 33, 30)).isCloseTo(near, within(1e-5));
            assertThat(product(rotary, 3, 0)).isCloseTo(near, within(1e-5));
            assertThat(product(rotary, 6, 2)).isNotCloseTo(near, within(1e-3));
        }
    }

    @Test
    void aPartialRotationLeavesTheRestOfTheHead() {
        try (Scope scope = Scope.open();
                Rotary rotary = new Rotary(new Rope(4, 100, new Scaling.None()))) {
            float[] turned = turned(rotary, QUERY, 7);
            for (int i = 4; i < HEAD; i++) {
                assertThat(turned[i]).isEqualTo(QUERY[i]);
            }
            double cos = Math.cos(7);
            double sin = Math.sin(7);
            assertThat(turned[0]).isCloseTo((float) (QUERY[0] * cos - QUERY[2] * sin), within(1e-6f));
            assertThat(turned[2]).isCloseTo((float) (QUERY[2] * cos + QUERY[0] * sin), within(1e-6f));
        }
    }

    @Test
    void longRopeMakesVectorsLonger() {
        Rope rope = new Rope(HEAD, 100, new Scaling.LongRope(List.of(1.0, 1.0, 1.0, 1.0), 1.5));
        try (Scope scope = Scope.open();
                Rotary rotary = new Rotary(rope)) {
            Tensor at0 = Tensors.of(turned(rotary, QUERY, 0));
            assertThat(at0.toFloats())
                    .containsExactly(Tensors.of(QUERY).scaled(1.5).toFloats(), within(1e-6f));
        }
    }
}
