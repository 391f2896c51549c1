package io.goodhart.tuning.pairs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.goodhart.tuning.pairs.PairRule.Preferred;
import org.junit.jupiter.api.Test;

class PairRuleTest {
    @Test
    void thePapersExamplePrefersItsSecondResponseToItsThird() {
        assertThat(PairRule.lowestChosen().choose(0.82, 0.15, 0.91, 0.28, 0.73))
                .hasValueSatisfying(pair -> assertThat(pair)
                        .extracting(PairRule.Choice::chosen, PairRule.Choice::rejected)
                        .containsExactly(1, 2));
    }

    @Test
    void noScoresGiveNoPair() {
        assertThat(PairRule.lowestChosen().choose()).isEmpty();
    }

    @Test
    void aMarginThatIsNotANumberIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new PairRule(Preferred.LOWEST, Double.NaN));
        assertThatIllegalArgumentException().isThrownBy(() -> new PairRule(Preferred.LOWEST, -0.1));
    }
}
