package io.goodhart.tuning.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.goodhart.domain.model.Pooling;
import io.goodhart.lm.model.TokenBatch;
import io.goodhart.tensor.Scope;
import io.goodhart.tensor.Tensor;
import io.goodhart.tensor.Tensors;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ActivationsTest {
    /** D = 2. */
    private static final float[][][] ROWS = {{{1, 8}, {5, -2}, {3, 3}}, {{-4, 1}, {-6, 7}}};

    private static final TokenBatch BATCH = TokenBatch.packed(List.of(new int[] {1, 2, 3}, new int[] {4, 5}));

    @Test
    void everyPoolingTakesTheTokensOfItsRowOnly() {
        try (Scope _ = Scope.open()) {
            Tensor tappedBTD = tapped();
            Activations activations = new Activations(tappedBTD, Optional.of(tappedBTD));
            assertThat(activations.tappedBD(BATCH, Pooling.MEAN).toFloats()).containsExactly(3, 3, -5, 4);
            assertThat(activations.tappedBD(BATCH, Pooling.LAST).toFloats()).containsExactly(3, 3, -6, 7);
            assertThat(activations.tappedBD(BATCH, Pooling.MAX).toFloats()).containsExactly(5, 8, -4, 7);
        }
    }

    private static Tensor tapped() {
        float[] values = new float[BATCH.lines() * BATCH.length() * 2];
        for (int row = 0; row < ROWS.length; row++) {
            for (int place = 0; place < ROWS[row].length; place++) {
                System.arraycopy(ROWS[row][place], 0, values, 2 * BATCH.flatIndex(row, place), 2);
            }
        }
        return Tensors.of(values, BATCH.lines(), BATCH.length(), 2);
    }

    @Test
    void whatWasNotTappedCannotBeRead() {
        try (Scope _ = Scope.open()) {
            Activations activations = new Activations(tapped(), Optional.empty());
            assertThatIllegalStateException().isThrownBy(() -> activations.tappedBD(BATCH, Pooling.MEAN));
        }
    }
}
