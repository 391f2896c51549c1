package io.goodhart.probing.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.goodhart.domain.statistics.SeedStatistic;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SeedStatisticTest {
    private static final double CLOSED_FORM = 1e-12;
    private static final boolean[] LABELS = {true, false, true, false, false, true, false, true, false};
    private static final double[] FIRST = {0.9, 0.1, 0.4, 0.4, 0.3, 0.8, 0.7, 0.2, 0.25};
    private static final double[] SECOND = {0.6, 0.5, 0.55, 0.1, 0.2, 0.9, 0.55, 0.35, 0.05};

    @Test
    void aucHasDeLongsVariance() {
        DeLong.Estimate expected = DeLong.estimate(LABELS, FIRST).orElseThrow();

        SeedStatistic actual = SeedStatistic.ofAuc(LABELS, FIRST);

        assertThat(actual.estimate()).isCloseTo(expected.auc(), within(CLOSED_FORM));
        assertThat(actual.variance()).isCloseTo(expected.variance(), within(CLOSED_FORM));
    }

    @Test
    void differenceOfAucsHasTheVarianceOfThePairedDeLongTest() {
        DeLong.Comparison expected = DeLong.compare(LABELS, FIRST, SECOND).orElseThrow();

        SeedStatistic actual = SeedStatistic.ofAuc(LABELS, FIRST).minus(SeedStatistic.ofAuc(LABELS, SECOND));

        assertThat(actual.estimate()).isCloseTo(expected.difference(), within(CLOSED_FORM));
        assertThat(actual.variance()).isCloseTo(expected.variance(), within(CLOSED_FORM));
    }

    @Test
    void exponentialHasTheVarianceOfTheDeltaMethod() {
        SeedStatistic nll = SeedStatistic.ofRatio(new double[] {12, 31, 8.5}, new double[] {4, 9, 3});
        double perplexity = Math.exp(51.5 / 16);

        assertThat(nll.exponential().estimate()).isCloseTo(perplexity, within(CLOSED_FORM));
        assertThat(nll.exponential().variance()).isCloseTo(perplexity * perplexity * nll.variance(), within(1e-9));
    }

    @Test
    void meanOfTwoAucsHasAQuarterOfAllVariancesAndCovariances() {
        SeedStatistic first = SeedStatistic.ofAuc(LABELS, FIRST);
        SeedStatistic second = SeedStatistic.ofAuc(LABELS, SECOND);

        SeedStatistic mean = SeedStatistic.mean(List.of(first, second));

        assertThat(mean.estimate()).isCloseTo((first.estimate() + second.estimate()) / 2, within(CLOSED_FORM));
        assertThat(mean.variance())
                .isCloseTo(
                        (first.variance() + second.variance() + 2 * first.covariance(second)) / 4, within(CLOSED_FORM));
    }

    @Test
    void meanHasTheSquaredStandardError() {
        SeedStatistic mean = SeedStatistic.ofMean(new double[] {1, 4, 7});

        assertThat(mean.estimate()).isEqualTo(4);
        assertThat(mean.variance()).isCloseTo(3, within(CLOSED_FORM)); // s² = 9, n = 3
    }

    @Test
    void ratioWeighsUnitsByTheirDenominators() {
        SeedStatistic ratio = SeedStatistic.ofRatio(new double[] {2, 9}, new double[] {1, 3});

        assertThat(ratio.estimate()).isCloseTo(11.0 / 4, within(CLOSED_FORM)); // not (2 + 3)/2
        assertThat(ratio.variance()).isCloseTo(2 * 0.375 * 0.375 / 2, within(CLOSED_FORM)); // u = ∓0.75/2, n = 2
    }

    @Test
    void aucByUnitHasDeLongsVarianceOverTheUnitsThatArePresent() {
        boolean[] labels = Arrays.copyOf(LABELS, LABELS.length + 2);
        double[] scores = Arrays.copyOf(FIRST, FIRST.length + 2);
        Arrays.fill(scores, FIRST.length, scores.length, Double.NaN);
        DeLong.Estimate expected = DeLong.estimate(LABELS, FIRST).orElseThrow();

        SeedStatistic actual = SeedStatistic.ofAucByUnit(labels, scores);

        assertThat(actual.estimate()).isCloseTo(expected.auc(), within(CLOSED_FORM));
        assertThat(actual.variance()).isCloseTo(expected.variance(), within(CLOSED_FORM));
        assertThat(actual.units()).isEqualTo(4); // positives, of nine
    }

    @Test
    void aucsByUnitCovaryThroughTheUnitsThatKeepTheirLabels() {
        boolean[] flipped = LABELS.clone();
        for (int i = 0; i < flipped.length; i++) {
            flipped[i] = !flipped[i];
        }
        SeedStatistic first = SeedStatistic.ofAucByUnit(LABELS, FIRST);
        SeedStatistic same = SeedStatistic.ofAucByUnit(LABELS, SECOND);
        SeedStatistic other = SeedStatistic.ofAucByUnit(flipped, SECOND);
        double expected = SeedStatistic.ofAuc(LABELS, FIRST).covariance(SeedStatistic.ofAuc(LABELS, SECOND));

        assertThat(first.covariance(same)).isCloseTo(expected, within(CLOSED_FORM));
        assertThat(first.covariance(other)).isCloseTo(-expected, within(CLOSED_FORM));
    }

    @Test
    void ratioCountsOnlyUnitsWithADenominator() {
        SeedStatistic ratio = SeedStatistic.ofRatio(new double[] {0.2, 0, 0.6, 0, 0.9}, new double[] {1, 0, 1, 0, 1});

        assertThat(ratio.estimate()).isCloseTo(1.7 / 3, within(CLOSED_FORM));
        assertThat(ratio.units()).isEqualTo(3);
    }

    @Test
    void differentNumbersOfUnitsCannotBeSubtracted() {
        SeedStatistic three = SeedStatistic.ofMean(new double[] {1, 2, 4});
        SeedStatistic two = SeedStatistic.ofMean(new double[] {1, 2});

        assertThatThrownBy(() -> three.minus(two)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aucOfOneClassIsRefused() {
        assertThatThrownBy(() -> SeedStatistic.ofAuc(new boolean[] {true, true}, new double[] {1, 2}))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
