package io.goodhart.tuning.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.goodhart.lm.model.TokenBatch;
import io.goodhart.tensor.Scope;
import java.util.List;
import org.junit.jupiter.api.Test;

class PredictedTokensTest {
    private static final TokenBatch BATCH =
            TokenBatch.rightPadded(List.of(new int[] {7, 0, 5}, new int[] {3, 4, 0, 9}));

    @Test
    void theFirstCompletionTokenIsPredictedFromTheLastPromptPosition() {
        PredictedTokens tokens = PredictedTokens.from(BATCH, 2, 1);
        assertThat(tokens.count()).isEqualTo(4);
        try (Scope _ = Scope.open()) {
            assertThat(tokens.positionsN().toLongs()).containsExactly(1, 4, 5, 6);
            assertThat(tokens.targetsN().toLongs()).containsExactly(5, 4, 0, 9);
        }
        assertThat(tokens.row(0)).isZero();
        assertThat(tokens.row(3)).isEqualTo(1);
        assertThat(tokens.time(3)).isEqualTo(3);
    }

    @Test
    void nothingPredictsAFirstToken() {
        assertThatIllegalArgumentException().isThrownBy(() -> PredictedTokens.from(BATCH, 0, 1));
    }
}
