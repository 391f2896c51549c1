package io.goodhart.api.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.goodhart.api.report.ReportComparison.Difference;
import io.goodhart.domain.report.Estimate;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ComparedArmsTest {
    private static final double EXACT = 1e-12;

    @Test
    void differenceOfIndependentEstimatesAddsTheirErrors() {
        Estimate a = new Estimate(0.4, 0.37, 0.43, List.of());
        Estimate b = new Estimate(0.1, 0.06, 0.14, List.of());

        Difference difference = ComparedArms.difference("rate", a, b);

        assertThat(difference.difference()).isCloseTo(-0.3, within(EXACT));
        assertThat(difference.lower()).isCloseTo(-0.35, within(EXACT)); // √(0.04² + 0.03²) = 0.05
        assertThat(difference.upper()).isCloseTo(-0.25, within(EXACT));
    }

    @Test
    void swappingTheTwoMirrorsTheInterval() {
        Estimate a = new Estimate(0.9, 0.7, 0.95, List.of());
        Estimate b = new Estimate(0.6, 0.5, 0.75, List.of());

        Difference there = ComparedArms.difference("AUC", a, b);
        Difference back = ComparedArms.difference("AUC", b, a);

        assertThat(there.lower()).isCloseTo(-required(back.upper()), within(EXACT));
        assertThat(there.upper()).isCloseTo(-required(back.lower()), within(EXACT));
    }

    @Test
    void estimateWithoutAnIntervalGivesNone() {
        Difference difference = ComparedArms.difference(
                "PPL", new Estimate(40, null, null, List.of()), new Estimate(41, 40.0, 42.0, List.of()));

        assertThat(difference.difference()).isEqualTo(1);
        assertThat(difference.lower()).isNull();
    }

    private static double required(@Nullable Double value) {
        return Objects.requireNonNull(value);
    }
}
