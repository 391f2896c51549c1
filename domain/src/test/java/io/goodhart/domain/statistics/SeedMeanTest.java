package io.goodhart.domain.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.goodhart.domain.SplitMix;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SeedMeanTest {
    private static final double CLOSED_FORM = 1e-12;

    @Test
    void oneSeedIsThePairedTTestOverUnits() {
        double[] differences = {0.3, -0.1, 0.25, 0.4, 0};
        PairedT expected = PairedT.of(differences).orElseThrow();

        SeedMean actual = SeedMean.of(List.of(SeedStatistic.ofMean(differences)));

        assertThat(actual.mean()).isCloseTo(expected.mean(), within(CLOSED_FORM));
        assertThat(actual.p().orElseThrow()).isCloseTo(expected.p(), within(CLOSED_FORM));
        assertThat(actual.interval(0.95).orElseThrow().lower())
                .isCloseTo(expected.interval(0.95).lower(), within(CLOSED_FORM));
    }

    @Test
    void variancePartsAreThoseOfTheTwoWayAnalysis() {
        // rows are seeds, columns are units: MS_units = 14, MS_seeds = 54, MS_residual = 2; S = 2, N = 3
        List<SeedStatistic> seeds =
                List.of(SeedStatistic.ofMean(new double[] {1, 4, 4}), SeedStatistic.ofMean(new double[] {5, 10, 12}));

        SeedMean mean = SeedMean.of(seeds);

        assertThat(mean.mean()).isCloseTo(6, within(CLOSED_FORM));
        assertThat(mean.unitVariance()).isCloseTo(14.0 / 6, within(CLOSED_FORM));
        assertThat(mean.seedSpread()).isCloseTo((54 - 2) / 3.0, within(CLOSED_FORM));
        assertThat(mean.seedVariance()).isCloseTo((54 - 2) / 6.0, within(CLOSED_FORM));
        assertThat(mean.degreesOfFreedom()).isCloseTo(11 * 11 / (9 * 9 / 1.0 + 2 * 2 / 2.0), within(CLOSED_FORM));
    }

    @Test
    void seedsThatAgreeBetterThanTheirNoiseAddNothing() {
        List<SeedStatistic> seeds = List.of(
                SeedStatistic.ofMean(new double[] {0, 1, 0, 1}), SeedStatistic.ofMean(new double[] {1, 0, 0, 1}));

        assertThat(SeedMean.of(seeds).seedVariance()).isZero();
    }

    @Test
    void armsShareTheirSpreadOverSeedsByDegreesOfFreedom() {
        SeedMean own = new SeedMean(0.3, 0.0004, 0.012, 0.002, 1, 2, 300);
        SeedMean quiet = new SeedMean(0.1, 0.0004, 0.001, 0.002, 2, 3, 300);
        SeedMean untrained = new SeedMean(0.4, 0.0004, 0, 0, 0, 1, 300);

        SeedMean pooled = own.pooled(List.of(own, quiet, untrained));

        assertThat(pooled.mean()).isEqualTo(0.3);
        assertThat(pooled.seedSpread()).isCloseTo((0.01 - 2 * 0.001) / 3, within(CLOSED_FORM));
        assertThat(pooled.seedFreedom()).isEqualTo(3);
        assertThat(pooled.seedVariance()).isCloseTo(0.008 / 3 / 2, within(CLOSED_FORM));
        assertThat(untrained.pooled(List.of(own, quiet, untrained))).isEqualTo(untrained);
    }

    @Test
    void identicalEstimatesOfZeroAreNoDifferenceAndOthersAreNoTest() {
        SeedStatistic zero = SeedStatistic.ofMean(new double[] {0, 0, 0});
        SeedStatistic one = SeedStatistic.ofMean(new double[] {1, 1, 1});

        assertThat(SeedMean.of(List.of(zero, zero)).p()).hasValue(1);
        assertThat(SeedMean.of(List.of(one, one)).p()).isEmpty();
        assertThat(SeedMean.of(List.of(one, one)).interval(0.95)).isEmpty();
    }

    @Test
    void oneUnitHasNoInterval() {
        SeedMean mean = SeedMean.of(List.of(SeedStatistic.ofMean(new double[] {0.4})));

        assertThat(mean.interval(0.95)).isEmpty();
        assertThat(mean.p()).isEmpty();
    }

    @Test
    void freedomIsOfTheTwoQuantitiesThatVary() {
        SeedMean mean = new SeedMean(0, 0.0004, 0.0009, 0.0005, 2, 3, 300);
        double bySeed = 0.0009 / 3;
        double shared = 0.0004 - 0.0005 / 3;
        double expected = Math.pow(bySeed + shared, 2) / (bySeed * bySeed / 2 + shared * shared / 299);

        assertThat(mean.variance()).isCloseTo(bySeed + shared, within(CLOSED_FORM));
        assertThat(mean.degreesOfFreedom())
                .isCloseTo(expected, within(CLOSED_FORM))
                .isBetween(6.0, 7.0);
    }

    @Test
    void equalVariancesHaveFourTimesTheHarmonicSumOfTheirFreedoms() {
        // s²/S = shared part = 0.01: ν = (2v)²/(v²/1 + v²/19) = 4/(1 + 1/19) = 3.8
        SeedMean mean = new SeedMean(0.5, 0.01, 0.02, 0, 1, 2, 20);

        assertThat(mean.degreesOfFreedom()).isCloseTo(3.8, within(CLOSED_FORM));
        assertThat(mean.interval(0.95).orElseThrow().upper() - 0.5)
                .isCloseTo(StudentT.critical(0.95, 3.8) * Math.sqrt(0.02), within(CLOSED_FORM));
    }

    /**
     * Two seeds and five units that vary independently are Welch's two samples:
     * {@code scipy.stats.ttest_ind([0.31, 0.12], [0.05, -0.02, 0.11, 0.04, -0.07], equal_var=False)}, and its
     * {@code confidence_interval(0.95)}, scipy 1.17.1.
     */
    @Test
    void twoIndependentPartsAreTestedAsWelchDoes() {
        SeedMean mean = new SeedMean(0.215 - 0.022, 0.00477 / 5, 0.01805, 0, 1, 2, 5);

        assertThat(mean.degreesOfFreedom()).isCloseTo(1.219180847304654, within(CLOSED_FORM));
        assertThat(mean.p().orElseThrow()).isCloseTo(0.26773419325017955, within(CLOSED_FORM));
        assertThat(mean.interval(0.95).orElseThrow().lower()).isCloseTo(-0.645938288111858, within(1e-11));
        assertThat(mean.interval(0.95).orElseThrow().upper()).isCloseTo(1.0319382881118582, within(1e-11));
    }

    /** Two-sided error of a coverage over 2,000 trials: 0.005. Where seeds differ little, the variance cannot be below 0 and covers more. */
    @ParameterizedTest(name = "{0} seeds that differ by {1}, units of their own by {2}: {3} to {4}")
    @CsvSource({
        "2, 1.00, 0.5, 0.86, 0.95", // seeds are nearly all that varies, and two of them say little: 88 %
        "2, 0.30, 0.5, 0.89, 0.97", // 90 %, not 95 %
        "3, 1.00, 0.5, 0.90, 0.96",
        "3, 0.30, 0.5, 0.92, 0.97",
        "4, 0.15, 0.5, 0.93, 0.98",
        "2, 0.10, 2.0, 0.93, 0.995",
        "3, 0.00, 2.0, 0.94, 0.995", // seeds add nothing
        "2, 0.00, 0.1, 0.93, 0.98" // units that all seeds share dominate
    })
    void nominalCoverageHoldsWhenSeedsAndUnitsBothVary(
            int seeds, double seedSpread, double ownSpread, double least, double most) {
        SplitMix random = new SplitMix(5);
        int covered = 0;
        int trials = 2000;
        for (int trial = 0; trial < trials; trial++) {
            if (SeedMean.of(draw(random, seeds, seedSpread, ownSpread))
                    .interval(0.95)
                    .orElseThrow()
                    .contains(0)) {
                covered++;
            }
        }

        assertThat((double) covered / trials).isBetween(least, most);
    }

    @Test
    void apartVariancesAddAndOnTheSameUnitsTheyDoNot() {
        SeedStatistic a = SeedStatistic.ofMean(new double[] {1, 4, 4});
        SeedStatistic b = SeedStatistic.ofMean(new double[] {5, 10, 12, 1});

        SeedStatistic apart = a.minusApart(b);

        assertThat(apart.estimate()).isEqualTo(3.0 - 7);
        assertThat(apart.variance()).isCloseTo(a.variance() + b.variance(), within(CLOSED_FORM));
        assertThat(apart.units()).isEqualTo(3);
        assertThat(a.minusApart(a).variance()).isCloseTo(2 * a.variance(), within(CLOSED_FORM));
        assertThat(a.minus(a).variance()).isZero();
    }

    /** Two sets of texts of their own, read in two seeds each, and nothing that differs: 2,000 trials, standard error 0.005. */
    @Test
    void intervalsOfAucsOnTextsOfTheirOwnCoverNoDifference() {
        SplitMix random = new SplitMix(8);
        int covered = 0;
        int trials = 2000;
        for (int trial = 0; trial < trials; trial++) {
            List<SeedStatistic> one = aucs(random, 40, 0.4);
            List<SeedStatistic> other = aucs(random, 90, 0.4);
            SeedMean difference = SeedMean.of(List.of(
                    one.getFirst().minusApart(other.getFirst()), one.getLast().minusApart(other.getLast())));
            covered += difference.interval(0.95).orElseThrow().contains(0) ? 1 : 0;
        }

        assertThat((double) covered / trials).isBetween(0.93, 0.985);
    }

    /** Of two seeds that read the same texts, a third of them positive and one deviation above the others. */
    private static List<SeedStatistic> aucs(SplitMix random, int texts, double ownNoise) {
        boolean[] labels = new boolean[texts];
        double[] shared = new double[texts];
        for (int i = 0; i < texts; i++) {
            labels[i] = i % 3 == 0;
            shared[i] = (labels[i] ? 1 : 0) + noise(random);
        }
        List<SeedStatistic> seeds = new ArrayList<>();
        for (int s = 0; s < 2; s++) {
            double[] scores = shared.clone();
            for (int i = 0; i < texts; i++) {
                scores[i] += ownNoise * noise(random);
            }
            seeds.add(SeedStatistic.ofAuc(labels, scores));
        }
        return seeds;
    }

    /** Sixty units that all seeds share with deviation 1. */
    private static List<SeedStatistic> draw(SplitMix random, int seeds, double seedSpread, double ownSpread) {
        double[] units = new double[60];
        for (int i = 0; i < units.length; i++) {
            units[i] = noise(random);
        }
        List<SeedStatistic> statistics = new ArrayList<>();
        for (int s = 0; s < seeds; s++) {
            double seed = seedSpread * noise(random);
            double[] values = new double[units.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = seed + units[i] + ownSpread * noise(random);
            }
            statistics.add(SeedStatistic.ofMean(values));
        }
        return statistics;
    }

    private static double noise(SplitMix random) {
        double sum = -6;
        for (int i = 0; i < 12; i++) {
            sum += random.uniform();
        }
        return sum;
    }
}
