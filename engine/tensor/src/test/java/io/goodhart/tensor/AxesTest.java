package io.goodhart.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class AxesTest {
    @Test
    void aLetterHasOneSize() {
        Axes axes = new Axes().bind("B T V", 2, 3, 5).bind("B T", 2, 3).bind("", new long[0]);
        assertThat(axes.size("V")).isEqualTo(5);
        assertThatThrownBy(() -> axes.bind("B T", 2, 4))
                .isInstanceOf(ShapeMismatchException.class)
                .hasMessage("Expected [B T] with T = 3, got [2, 4]");
    }

    @Test
    void ranksNumbersAndWildcardsAreChecked() {
        assertThatThrownBy(() -> new Axes().bind("B T", 2, 3, 4)).hasMessageContaining("[2, 3, 4]");
        assertThatThrownBy(() -> new Axes().bind("B 2", 7, 3)).isInstanceOf(ShapeMismatchException.class);
        assertThat(new Axes().bind("B * 4", 7, 9, 4).size("B")).isEqualTo(7);
        assertThatThrownBy(() -> new Axes().size("Q")).hasMessageContaining("Q");
    }

    @Test
    void kernelsNameTheAxisThatIsWrong() {
        try (Scope _ = Scope.open()) {
            Tensor q = Tensors.ones(1, 4, 3, 8);
            Tensor k = Tensors.ones(1, 4, 3, 8);
            Tensor v = Tensors.ones(1, 4, 5, 8);
            assertThatThrownBy(() -> Kernels.best().attention(q, k, v, null, 1)).hasMessageContaining("S = 3");
            Tensor odd = Tensors.ones(1, 3, 3, 8);
            assertThatThrownBy(() -> Kernels.best().attention(q, odd, odd, null, 1))
                    .hasMessageContaining("evenly");
            assertThatThrownBy(() -> Kernels.best()
                            .tokenLogProbs(
                                    Tensors.ones(3, 2), VocabularyHead.of(Tensors.ones(5, 4)), Tensors.arange(3), 2))
                    .hasMessageContaining("D = 2");
        }
    }

    @Test
    void masksSayWhichPositionsAQuerySees() {
        try (Scope _ = Scope.open()) {
            assertThat(Masks.causal(2).toBooleans()).containsExactly(true, false, true, true);
            assertThat(Masks.window(3, 2).toBooleans())
                    .containsExactly(true, false, false, true, true, false, false, true, true);
        }
    }

    @Test
    void devicesAreReadByName() {
        assertThat(Device.parse("cpu")).isEqualTo(Device.cpu());
        assertThat(Device.parse("cuda")).isEqualTo(Device.cuda(0));
        assertThat(Device.parse("cuda:1")).hasToString("cuda:1");
        assertThatThrownBy(() -> Device.parse("tpu")).hasMessageContaining("tpu");
        assertThatThrownBy(() -> Device.cuda(-1)).hasMessageContaining("negative");
    }
}
