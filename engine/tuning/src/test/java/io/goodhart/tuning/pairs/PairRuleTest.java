package io.goodhart.tuning.pairs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.goodhart.domain.SplitMix;
import io.goodhart.domain.spec.PairSpec.Ties;
import io.goodhart.tuning.pairs.PairRule.Choice;
import io.goodhart.tuning.pairs.PairRule.Preferred;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PairRuleTest {
    private static final int DRAWS = 200;

    private final SplitMix random = new SplitMix(5);

    @ParameterizedTest
    @EnumSource(Ties.class)
    void paperExampleChoosesTheSecondAndRejectsTheThirdResponse(Ties ties) {
        assertThat(choose(ties, 0.82, 0.15, 0.91, 0.28, 0.73))
                .hasValueSatisfying(choice -> assertThat(choice)
                        .extracting(Choice::chosen, Choice::rejected)
                        .containsExactly(1, 2));
    }

    @ParameterizedTest
    @EnumSource(Ties.class)
    void fewerThanTwoScoresGiveNoPair(Ties ties) {
        assertThat(choose(ties)).isEmpty();
        assertThat(choose(ties, 0.5, Double.NaN)).isEmpty();
    }

    @Test
    void equalScoresGiveAPairOnlyIfAsked() {
        assertThat(choose(Ties.DROP, 0.5, 0.5, 0.5)).isEmpty();
        assertThat(choose(Ties.FIRST, Double.NaN, 0.5, 0.5, 0.5)).contains(new Choice(1, 2, 0));
        assertThat(drawn(0.5, 0.5, 0.5)).hasSize(6);
        assertThat(new PairRule(Preferred.LOWEST, 0.1, Ties.FIRST).choose(random, 0.5, 0.5))
                .isEmpty();
    }

    @Test
    void oneOfSeveralExtremesIsTheFirstOrDrawn() {
        assertThat(choose(Ties.FIRST, 0.9, 0.1, 0.9, 0.1))
                .isEqualTo(choose(Ties.DROP, 0.9, 0.1, 0.9, 0.1))
                .contains(new Choice(1, 0, 0.8));
        assertThat(drawn(0.9, 0.1, 0.9, 0.1))
                .containsExactlyInAnyOrder(
                        new Choice(1, 0, 0.8), new Choice(1, 2, 0.8), new Choice(3, 0, 0.8), new Choice(3, 2, 0.8));
    }

    @Test
    void equalInfinitiesAreATie() {
        assertThat(choose(Ties.FIRST, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY))
                .contains(new Choice(0, 1, 0));
    }

    @Test
    void marginThatIsNotANumberIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new PairRule(Preferred.LOWEST, Double.NaN, Ties.DROP));
        assertThatIllegalArgumentException().isThrownBy(() -> new PairRule(Preferred.LOWEST, -0.1, Ties.DROP));
    }

    private Optional<Choice> choose(Ties ties, double... scores) {
        return new PairRule(Preferred.LOWEST, 0, ties).choose(random, scores);
    }

    private Collection<Choice> drawn(double... scores) {
        Set<Choice> choices = new HashSet<>();
        for (int i = 0; i < DRAWS; i++) {
            choices.add(choose(Ties.RANDOM, scores).orElseThrow());
        }
        return choices;
    }
}
