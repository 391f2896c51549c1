package io.goodhart.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AutogradTest {
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
    void upstreamGradientWeighsTheOutputs() {
        Tensor x = Tensors.of(new float[] {1, 2, 3}).requireGradient();
        try (Autograd.Mode _ = Autograd.recording()) {
            Autograd.backward(x.square(), Tensors.of(new float[] {1, 0, -2}));
        }
        assertThat(x.gradient().toFloats()).containsExactly(2, 0, -12);
    }

    @Test
    void gradientsAddUpUntilZeroed() {
        Tensor x = Tensors.of(new float[] {1, 2}).requireGradient();
        assertThat(x.gradient()).isNull();
        for (int i = 0; i < 2; i++) {
            try (Autograd.Mode _ = Autograd.recording()) {
                Autograd.backward(x.scaled(3).sum());
            }
        }
        assertThat(x.gradient().toFloats()).containsExactly(6, 6);
        x.zeroGradient();
        assertThat(x.gradient().toFloats()).containsExactly(0, 0);
    }

    @Test
    void nothingIsRecordedUnlessAskedFor() {
        Tensor x = Tensors.ones(2).requireGradient();
        Tensor y = x.scaled(2);
        assertThat(y.requiresGradient()).isFalse();
        assertThatThrownBy(() -> Autograd.backward(y.sum())).hasMessageContaining("Nothing was recorded");
        try (Autograd.Mode _ = Autograd.recording()) {
            assertThat(x.scaled(2).requiresGradient()).isTrue();
            try (Autograd.Mode _ = Autograd.paused()) {
                assertThat(x.scaled(2).requiresGradient()).isFalse();
            }
            assertThat(Autograd.isRecording()).isTrue();
        }
        assertThat(Autograd.isRecording()).isFalse();
    }

    @Test
    void detachedTensorsStopGradients() {
        Tensor x = Tensors.of(new float[] {2}).requireGradient();
        try (Autograd.Mode _ = Autograd.recording()) {
            Autograd.backward(x.times(x.detached()).sum());
        }
        assertThat(x.gradient().toFloats()).containsExactly(2);
    }

    @Test
    void aProbeTapAndAChunkedLossShareOneBackwardPass() {
        Tensor w = Numbers.floats(1, 4, 3).requireGradient();
        Tensor u = Numbers.floats(2, 7, 3).requireGradient();
        Tensor x = Numbers.floats(3, 5, 4);
        Tensor targets = Tensors.of(new long[] {1, 2, 3, 4, 5});
        float[][] expected = new float[2][];
        for (boolean chunked : new boolean[] {false, true}) {
            w.zeroGradient();
            u.zeroGradient();
            try (Autograd.Mode _ = Autograd.recording()) {
                Tensor tap = x.matMul(w).tanh();
                Tensor hidden = tap.square().plus(tap);
                Tensor logProbs = chunked
                        ? Kernels.best().tokenLogProbs(hidden, VocabularyHead.of(u.sin()), targets, 2)
                        : hidden.linear(u.sin()).logSoftmax(-1).gatherLast(targets);
                Autograd.backward(logProbs.mean().plus(tap.sum().scaled(0.1)));
            }
            if (chunked) {
                assertThat(w.gradient().toFloats()).containsExactly(expected[0], within(2e-6f));
                assertThat(u.gradient().toFloats()).containsExactly(expected[1], within(2e-6f));
            }
            expected[0] = w.gradient().toFloats();
            expected[1] = u.gradient().toFloats();
        }
    }

    /** Two functions in a row, the first one's result also read by a probe, behind the second one a chunked loss with a tied matrix. */
    @Test
    void checkpointsGiveTheSameBitsAndComputeEachFunctionTwice() {
        Tensor w = Numbers.floats(1, 7, 7).requireGradient();
        Tensor v = Numbers.floats(3, 7, 7).requireGradient();
        Tensor u = Numbers.floats(2, 9, 7).requireGradient();
        List<Tensor> leaves = List.of(w, v, u);
        Tensor targets = Tensors.of(new long[] {1, 2, 3, 4, 5});
        Tensor rows = Tensors.of(new long[] {0, 4, 8, 4, 2});
        List<Integer> calls = new ArrayList<>();
        UnaryOperator<Tensor> first = x -> noted(calls, 1, x.matMul(w).tanh().plus(x));
        UnaryOperator<Tensor> second =
                x -> noted(calls, 2, x.square().linear(v).plus(x).plus(x.sin()));
        List<float[]> expected = List.of();
        for (boolean checkpointed : new boolean[] {false, true}) {
            calls.clear();
            leaves.forEach(Tensor::zeroGradient);
            try (Scope _ = Scope.open();
                    Autograd.Mode _ = Autograd.recording()) {
                for (int accumulated = 0; accumulated < 2; accumulated++) {
                    Tensor x = u.rows(rows).scaled(1 + accumulated);
                    Tensor tap = checkpointed ? Autograd.checkpointed(x, first) : first.apply(x);
                    Tensor hidden = checkpointed ? Autograd.checkpointed(tap, second) : second.apply(tap);
                    Tensor logProbs = Kernels.best().tokenLogProbs(hidden, VocabularyHead.of(u), targets, 2);
                    Autograd.backward(logProbs.mean().plus(tap.sin().sum().scaled(0.3)));
                    assertThat(tap.isClosed()).isEqualTo(checkpointed);
                }
            }
            List<float[]> gradients =
                    leaves.stream().map(leaf -> leaf.gradient().toFloats()).toList();
            if (checkpointed) {
                assertThat(calls).containsExactly(1, 2, 2, 1, 1, 2, 2, 1);
                assertThat(gradients).usingRecursiveComparison().isEqualTo(expected);
            }
            expected = gradients;
        }
    }

    private static Tensor noted(List<Integer> calls, int call, Tensor result) {
        calls.add(call);
        return result;
    }

    @Test
    void aCheckpointWithoutRecordingIsTheFunctionAlone() {
        Tensor x = Tensors.of(new float[] {2}).requireGradient();
        assertThat(Autograd.checkpointed(x, Tensor::square).requiresGradient()).isFalse();
    }

    @Test
    void aCheckpointMustNotHoldAnother() {
        Tensor x = Tensors.of(new float[] {2}).requireGradient();
        try (Autograd.Mode _ = Autograd.recording()) {
            Tensor y = Autograd.checkpointed(x, outer -> Autograd.checkpointed(outer, Tensor::square));
            assertThatIllegalStateException()
                    .isThrownBy(() -> Autograd.backward(y))
                    .withMessageContaining("must not defer");
        }
    }

    @Test
    void selfTestPasses() {
        SelfTest.Report report = SelfTest.run();
        assertThat(report.checks()).hasSize(8).allMatch(SelfTest.Check::passed);
        assertThat(report.passed()).isTrue();
        assertThatCode(report::requirePassed).doesNotThrowAnyException();
        assertThat(report.engineVersion()).startsWith("2.");
    }

    @Test
    void aFailedSelfTestNamesWhatFailed() {
        SelfTest.Report report = new SelfTest.Report(
                "2.x",
                List.of(
                        new SelfTest.Check("attention", 0, 1e-5),
                        new SelfTest.Check("sampling", 2, 1e-5),
                        new SelfTest.Check("AdamW", Double.NaN, 1e-5)));
        assertThat(report.passed()).isFalse();
        assertThatIllegalStateException()
                .isThrownBy(report::requirePassed)
                .withMessageContainingAll("sampling", "AdamW", "NaN", "2.x")
                .withMessageNotContaining("attention");
    }
}
