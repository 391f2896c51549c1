package io.goodhart.tuning.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.goodhart.tuning.data.TextExample;
import io.goodhart.tuning.data.TokenIds;
import io.goodhart.tuning.objective.SftObjective.Count;
import io.goodhart.tuning.objective.SftObjective.Scope;
import java.util.List;
import org.junit.jupiter.api.Test;

class SftObjectiveTest {
    private static final List<TextExample> ROWS =
            List.of(new TextExample(TokenIds.of(5, 6, 7, 8, 9), 2), new TextExample(TokenIds.of(5, 6, 7), 1));

    @Test
    void trlCountsTheFirstTokenOfAWholeSequenceAlthoughNothingPredictsIt() {
        assertThat(SftObjective.trl(Scope.WHOLE_SEQUENCE).denominator(ROWS)).isEqualTo(8);
        assertThat(new SftObjective(Scope.WHOLE_SEQUENCE, Count.PREDICTED).denominator(ROWS))
                .isEqualTo(6);
    }

    @Test
    void completionTokensCountTheSameEitherWay() {
        assertThat(SftObjective.trl(Scope.COMPLETION).denominator(ROWS)).isEqualTo(5);
        assertThat(new SftObjective(Scope.COMPLETION, Count.PREDICTED).denominator(ROWS))
                .isEqualTo(5);
    }

    @Test
    void lossIsTheNegativeSumOverN() {
        double[] logProbs = {-1, -2, -4};
        SftObjective objective = SftObjective.trl(Scope.COMPLETION);
        assertThat(Differentiation.value(logProbs, x -> objective.evaluate(x, 14)))
                .isCloseTo(0.5, within(1e-12));
        assertThat(Differentiation.byGraph(logProbs, x -> objective.evaluate(x, 14)))
                .containsExactly(new double[] {-1 / 14.0, -1 / 14.0, -1 / 14.0}, within(1e-12));
    }
}
