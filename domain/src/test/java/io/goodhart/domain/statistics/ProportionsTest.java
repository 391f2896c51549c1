package io.goodhart.domain.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProportionsTest {
    private static final double FOUR_DIGITS = 5e-5;

    /** 0.25 = √(0.2² + 0.15²) of the limits that face each other, √0.0125 = √(0.05² + 0.1²) of the others. */
    @Test
    void differenceOfIndependentEstimatesAddsTheErrorsTowardsEachSide() {
        Interval difference = Interval.ofDifference(0.9, new Interval(0.7, 0.95), 0.6, new Interval(0.5, 0.75));

        assertThat(difference.lower()).isCloseTo(0.3 - 0.25, within(1e-12));
        assertThat(difference.upper()).isCloseTo(0.3 + Math.sqrt(0.0125), within(1e-12));
    }

    @Test
    void wilsonLimitsSolveTheScoreEquation() {
        double z = Normal.critical(0.95);
        for (int k = 0; k <= 17; k++) {
            Interval interval = Wilson.of(k, 17, 0.95).orElseThrow();
            double p = k / 17.0;
            for (double limit : new double[] {interval.lower(), interval.upper()}) {
                double squared = limit * (1 - limit) * z * z / 17;
                assertThat((p - limit) * (p - limit)).isCloseTo(squared, within(1e-14));
            }
            assertThat(interval.contains(p)).isTrue();
        }
    }

    /** The algebra gives 0 and 1 here; computed, it misses them by its rounding for some n. */
    @Test
    void wilsonOfNoneAndOfAllTouchesTheEndsExactly() {
        for (int n = 1; n <= 300; n++) {
            assertThat(Wilson.of(0, n, 0.95).orElseThrow().lower()).isZero();
            assertThat(Wilson.of(n, n, 0.95).orElseThrow().upper()).isEqualTo(1);
        }
    }

    @Test
    void wilsonMirrorsWhenSuccessesAndFailuresSwap() {
        Interval interval = Wilson.of(3, 40, 0.9).orElseThrow();
        Interval mirrored = Wilson.of(37, 40, 0.9).orElseThrow();
        assertThat(mirrored.lower()).isCloseTo(1 - interval.upper(), within(1e-14));
        assertThat(mirrored.upper()).isCloseTo(1 - interval.lower(), within(1e-14));
    }

    @Test
    void wilsonRefusesMoreSuccessesThanItems() {
        assertThatIllegalArgumentException().isThrownBy(() -> Wilson.of(4, 3, 0.95));
        assertThatIllegalArgumentException().isThrownBy(() -> Wilson.of(-1, 3, 0.95));
    }

    /** Newcombe 1998 (paired), method 10; the first row is the example of Fagerland, Lydersen and Laake 2014. */
    @ParameterizedTest
    @CsvSource({
        "1, 1, 7, 12, -0.2857, -0.5069, -0.0256",
        "20, 12, 2, 16, 0.2, 0.0562, 0.3292",
        "36, 12, 2, 0, 0.2, 0.0569, 0.3404"
    })
    void pairedDifferenceHasNewcombesLimits(
            int both, int onlyFirst, int onlySecond, int neither, double estimate, double lower, double upper) {
        PairedOutcomes.Difference difference = new PairedOutcomes(both, onlyFirst, onlySecond, neither)
                .difference(0.95)
                .orElseThrow();
        assertThat(difference.estimate()).isCloseTo(estimate, within(FOUR_DIGITS));
        assertThat(difference.interval().lower()).isCloseTo(lower, within(FOUR_DIGITS));
        assertThat(difference.interval().upper()).isCloseTo(upper, within(FOUR_DIGITS));
    }

    @Test
    void pairedDifferenceMirrorsWhenTheTwoSwap() {
        PairedOutcomes.Difference one =
                new PairedOutcomes(11, 9, 4, 30).difference(0.95).orElseThrow();
        PairedOutcomes.Difference other =
                new PairedOutcomes(11, 4, 9, 30).difference(0.95).orElseThrow();
        assertThat(other.estimate()).isEqualTo(-one.estimate());
        assertThat(other.interval().lower()).isCloseTo(-one.interval().upper(), within(1e-14));
        assertThat(other.interval().upper()).isCloseTo(-one.interval().lower(), within(1e-14));
    }

    @Test
    void differencesOfNothingAreUndefined() {
        assertThat(new PairedOutcomes(0, 0, 0, 0).difference(0.95)).isEmpty();
    }

    @Test
    void mcNemarIsTwiceTheBinomialTail() {
        assertThat(new PairedOutcomes(5, 3, 10, 9).mcNemarP()).isCloseTo(0.09228515625, within(1e-12));
        assertThat(new PairedOutcomes(0, 12, 2, 1).mcNemarP()).isCloseTo(0.012939453125, within(1e-12));
        assertThat(new PairedOutcomes(7, 4, 4, 7).mcNemarP()).isEqualTo(1);
        assertThat(new PairedOutcomes(7, 0, 0, 7).mcNemarP()).isCloseTo(1, within(1e-12));
    }

    @Test
    void pairedCellsAreCountedByIndex() {
        boolean[] first = {true, true, true, false, false, false};
        boolean[] second = {true, false, false, true, false, false};
        assertThat(PairedOutcomes.of(first, second)).isEqualTo(new PairedOutcomes(1, 2, 1, 2));
    }
}
