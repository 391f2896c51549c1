package io.goodhart.api.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.goodhart.domain.report.Comparison;
import io.goodhart.domain.report.Estimate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumbersTest {
    @Test
    void estimateShowsItsInterval() {
        assertThat(Numbers.estimate(new Estimate(0.4061, 0.363, 0.4496, List.of()), 2))
                .isEqualTo("0.41 [0.36, 0.45]");
        assertThat(Numbers.estimate(new Estimate(0.4061, null, null, List.of()), 3))
                .isEqualTo("0.406");
        assertThat(Numbers.estimate(null, 2)).isEqualTo("–");
    }

    @Test
    void differenceHasASignAndNothingIsNegativeZero() {
        assertThat(Numbers.difference(comparison(-0.28345, null, null), 3)).isEqualTo("−0.283 [−0.383, −0.183]");
        assertThat(Numbers.signed(0.0123, 2)).isEqualTo("+0.01");
        assertThat(Numbers.signed(-0.0001, 2)).isEqualTo("0.00");
        assertThat(Numbers.fixed(-0.0001, 2)).isEqualTo("0.00");
    }

    @Test
    void correctedPIsShownWhereThereIsOne() {
        assertThat(Numbers.p(comparison(0.1, 0.02, 0.06))).isEqualTo("0.060");
        assertThat(Numbers.p(comparison(0.1, 0.02, null))).isEqualTo("0.020");
        assertThat(Numbers.p(comparison(0.1, 1e-9, 3e-9))).isEqualTo("< 0.001");
        assertThat(Numbers.p(comparison(0.1, null, null))).isEqualTo("–");
    }

    @ParameterizedTest
    @CsvSource({"1.2312, +23 %", "0.953, −4.7 %", "1.002, +0.2 %", "3.31, +231 %", "1, 0.0 %"})
    void factorIsAChange(double ratio, String expected) {
        assertThat(Numbers.change(ratio)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"137.24, 137", "88.04, 88.0", "5.123, 5.12", "0.0512, 0.051", "0, 0.00"})
    void perplexitiesShowAboutThreeDigits(double value, String expected) {
        assertThat(Numbers.compact(value)).isEqualTo(expected);
    }

    @Test
    void ticksAreRoundAndCoverTheData() {
        assertThat(Svg.ticks(0.037, 0.44, 5)).containsExactly(0.0, 0.1, 0.2, 0.30000000000000004, 0.4, 0.5);
        assertThat(Svg.ticks(87.6, 99.2, 5).getFirst()).isLessThanOrEqualTo(87.6);
        assertThat(Svg.ticks(87.6, 99.2, 5).getLast()).isGreaterThanOrEqualTo(99.2);
        assertThat(Svg.tickLabel(0.30000000000000004, 0.1)).isEqualTo("0.3");
        assertThat(Svg.tickLabel(92.5, 2.5)).isEqualTo("92.5");
        assertThat(Svg.tickLabel(200, 100)).isEqualTo("200");
    }

    private static Comparison comparison(double difference, @Nullable Double p, @Nullable Double adjusted) {
        return new Comparison("baseline", difference, difference - 0.1, difference + 0.1, p, adjusted, null, "");
    }
}
