package io.goodhart.tuning.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class KlAnchorTest {
    @Test
    void sequencesWeighTheSameUnlessTokensAreAsked() {
        assertThat(new KlAnchor(0.3, KlAnchor.Average.SEQUENCE).weight(4, 5, 30))
                .isCloseTo(1 / 20.0, within(1e-15));
        assertThat(new KlAnchor(0.3, KlAnchor.Average.TOKEN).weight(4, 5, 30)).isCloseTo(1 / 30.0, within(1e-15));
    }

    @Test
    void aNegativeGammaIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new KlAnchor(Double.NaN, KlAnchor.Average.TOKEN));
        assertThatIllegalArgumentException().isThrownBy(() -> new KlAnchor(-0.1, KlAnchor.Average.TOKEN));
    }
}
