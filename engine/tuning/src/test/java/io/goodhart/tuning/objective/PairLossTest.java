package io.goodhart.tuning.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PairLossTest {
    private static final DpoObjective DPO = DpoObjective.sigmoid(0.1);

    @Test
    void aPreferenceLossAloneHasNothingBesideIt() {
        assertThat(PairLoss.of(DPO)).isEqualTo(new PairLoss(DPO, 1, 0, Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
    void thePreferenceMustCount(double weight) {
        assertThatIllegalArgumentException().isThrownBy(() -> new PairLoss(DPO, weight, 0, Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, Double.NaN, Double.POSITIVE_INFINITY})
    void likelihoodIsNeverPushedDown(double weight) {
        assertThatIllegalArgumentException().isThrownBy(() -> new PairLoss(DPO, 1, weight, Optional.empty()));
    }
}
