package io.goodhart.probing.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.goodhart.domain.SplitMix;
import io.goodhart.domain.statistics.HanleyMcNeil;
import io.goodhart.domain.statistics.Interval;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RocCurveTest {
    private static final boolean[] LABELS = {true, false, true, false, false, true, false};
    private static final double[] SCORES = {3, 3, 2.5, 1, 2.5, 0.5, 0.25};

    @Test
    void aucCountsPairsAndHalvesTies() {
        double pairs = 3.5 + 2.5 + 1; // each positive over the four negatives
        assertThat(RocAuc.of(LABELS, SCORES)).hasValue(pairs / 12);
    }

    @Test
    void pointsFallFromTheHighestScore() {
        RocCurve curve = RocCurve.of(LABELS, SCORES);
        assertThat(curve.size()).isEqualTo(6);
        assertThat(curve.threshold(0)).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(curve.threshold(1)).isEqualTo(3);
        assertThat(curve.truePositiveRate(1)).isEqualTo(1 / 3.0);
        assertThat(curve.falsePositiveRate(1)).isEqualTo(1 / 4.0);
        assertThat(curve.truePositiveRate(5)).isEqualTo(1);
        assertThat(curve.falsePositiveRate(5)).isEqualTo(1);
    }

    @Test
    void averagePrecisionSumsPrecisionAtNewRecall() {
        double expected = 1 / 3.0 * (1 / 2.0) + 1 / 3.0 * (2 / 4.0) + 1 / 3.0 * (3 / 6.0);
        assertThat(AveragePrecision.of(LABELS, SCORES).orElseThrow()).isCloseTo(expected, within(1e-15));
    }

    @Test
    void tprAtFprDoesNotInterpolate() {
        assertThat(TprAtFpr.of(LABELS, SCORES, 0.24)).hasValue(0);
        assertThat(TprAtFpr.of(LABELS, SCORES, 0.25)).hasValue(1 / 3.0);
        assertThat(TprAtFpr.of(LABELS, SCORES, 0.5)).hasValue(2 / 3.0);
        assertThat(TprAtFpr.of(LABELS, SCORES, 1)).hasValue(1);
    }

    @Test
    void rankingMetricsDependOnRanksOnlyAndMirrorWithTheSign() {
        SplitMix random = new SplitMix(21);
        for (int trial = 0; trial < 50; trial++) {
            boolean[] labels = new boolean[30];
            double[] scores = new double[30];
            for (int i = 0; i < 30; i++) {
                labels[i] = i < 2 || (i > 3 && random.uniform() < 0.3);
                scores[i] = Math.round(random.uniform() * 12) / 4.0;
            }
            double auc = RocAuc.of(labels, scores).orElseThrow();
            double[] monotone = Arrays.stream(scores).map(s -> Math.exp(s) - 9).toArray();
            double[] negated = Arrays.stream(scores).map(s -> -s).toArray();
            assertThat(RocAuc.of(labels, monotone)).hasValue(auc);
            assertThat(AveragePrecision.of(labels, monotone)).isEqualTo(AveragePrecision.of(labels, scores));
            assertThat(RocAuc.of(labels, negated).orElseThrow()).isCloseTo(1 - auc, within(1e-14));
            DeLong.Estimate estimate = DeLong.estimate(labels, scores).orElseThrow();
            DeLong.Estimate mirrored = DeLong.estimate(labels, negated).orElseThrow();
            assertThat(estimate.auc()).isCloseTo(auc, within(1e-14));
            assertThat(mirrored.variance()).isCloseTo(estimate.variance(), within(1e-14));
        }
    }

    @Test
    void oneClassGivesNoRankingMetric() {
        boolean[] labels = {true, true, true};
        double[] scores = {1, 2, 3};
        assertThat(RocAuc.of(labels, scores)).isEmpty();
        assertThat(AveragePrecision.of(labels, scores)).isEmpty();
        assertThat(TprAtFpr.of(labels, scores, 0.1)).isEmpty();
        assertThat(DeLong.estimate(labels, scores)).isEmpty();
        assertThat(DeLong.compare(labels, scores, scores)).isEmpty();
        assertThat(RocAuc.of(new boolean[0], new double[0])).isEmpty();
        assertThat(HanleyMcNeil.standardError(0.5, 0, 4)).isEmpty();
    }

    @Test
    void scoresThatAreNotFiniteAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RocAuc.of(new boolean[] {true, false}, new double[] {1, Double.NaN}))
                .withMessage("Score 1 is NaN");
        assertThatIllegalArgumentException().isThrownBy(() -> RocAuc.of(new boolean[2], new double[3]));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ProbabilityScores.brier(new boolean[] {true}, new double[] {1.5}));
    }

    @Test
    void aProbeComparedWithItselfHasNoZ() {
        DeLong.Comparison comparison = DeLong.compare(LABELS, SCORES, SCORES).orElseThrow();
        assertThat(comparison.difference()).isZero();
        assertThat(comparison.variance()).isZero();
        assertThat(comparison.z()).isEmpty();
        assertThat(comparison.p()).isEmpty();
        assertThat(comparison.interval(0.95)).isEqualTo(Optional.empty());
    }

    @Test
    void independentAucsAddTheirVariances() {
        DeLong.Estimate first = new DeLong.Estimate(0.9, 0.0009, 20, 80);
        DeLong.Estimate second = new DeLong.Estimate(0.8, 0.0016, 20, 80);
        DeLong.Comparison comparison = DeLong.compareIndependent(first, second);
        assertThat(comparison.z().orElseThrow()).isCloseTo(2, within(1e-12));
        assertThat(comparison.p().orElseThrow()).isCloseTo(0.0455002638963584, within(1e-12));
    }

    @Test
    void separatedClassesGetAnIntervalThatIsNotAPoint() {
        boolean[] labels = new boolean[100];
        double[] scores = new double[100];
        for (int i = 0; i < 100; i++) {
            labels[i] = i < 15;
            scores[i] = -i;
        }
        DeLong.Estimate estimate = DeLong.estimate(labels, scores).orElseThrow();
        assertThat(estimate.auc()).isEqualTo(1);
        assertThat(estimate.interval(0.95).upper()).isEqualTo(1);
        assertThat(estimate.interval(0.95).lower()).isCloseTo(0.9220762562144649, within(1e-9));
    }

    /** Limits solved by scipy's brentq from the published variance. */
    @ParameterizedTest
    @CsvSource({
        "0.866, 11, 89, 0.7029456671841203, 0.9424318357318366",
        "0.994, 15, 85, 0.9105552914742987, 0.9995929252848121",
        "0.5, 50, 50, 0.3896673675233853, 0.6103326324766146"
    })
    void scoreIntervalSolvesNewcombesEquation(double auc, int positives, int negatives, double lower, double upper) {
        var interval =
                HanleyMcNeil.scoreInterval(auc, positives, negatives, 0.95).orElseThrow();
        assertThat(interval.lower()).isCloseTo(lower, within(1e-9));
        assertThat(interval.upper()).isCloseTo(upper, within(1e-9));
    }

    @Test
    void differenceOfSeparatedGroupsIsAsWideAsTheirScoreIntervals() {
        double least = HanleyMcNeil.scoreInterval(1, 20, 30, 0.95).orElseThrow().lower();
        Interval lost = HanleyMcNeil.scoreInterval(0.7, 20, 30, 0.95).orElseThrow();

        Interval same = HanleyMcNeil.differenceInterval(1, 1, 20, 30, 0.95).orElseThrow();
        Interval worse = HanleyMcNeil.differenceInterval(0.7, 1, 20, 30, 0.95).orElseThrow();

        assertThat(same.lower()).isCloseTo(least - 1, within(1e-12));
        assertThat(same.upper()).isCloseTo(1 - least, within(1e-12));
        assertThat(worse.lower()).isCloseTo(lost.lower() - 1, within(1e-12)); // nothing is above 1
        assertThat(worse.upper()).isCloseTo(-0.3 + Math.hypot(lost.upper() - 0.7, 1 - least), within(1e-12));
        assertThat(HanleyMcNeil.differenceInterval(1, 1, 0, 30, 0.95)).isEmpty();
    }

    /** Wehner and Fritz 2025: the AUCs of their table 1 with the positives that its toxicity rates imply among 100 prompts. */
    @ParameterizedTest
    @CsvSource({"0.866, 11, 0.071", "0.770, 11, 0.086", "0.938, 14, 0.046", "0.994, 15, 0.014"})
    void standardErrorsOfThePublishedAucsAreLarge(double auc, int positives, double expected) {
        assertThat(HanleyMcNeil.standardError(auc, positives, 100 - positives).orElseThrow())
                .isCloseTo(expected, within(5e-4));
    }

    @Test
    void calibrationErrorIsZeroForFrequenciesThatMatch() {
        boolean[] labels = {true, false, true, true, false};
        assertThat(ProbabilityScores.expectedCalibrationError(labels, new double[] {.5, .5, 1, 1, 0}, 15))
                .hasValue(0);
        assertThat(ProbabilityScores.expectedCalibrationError(labels, new double[] {0, 1, 0, 0, 1}, 15))
                .hasValue(1);
        assertThat(ProbabilityScores.brier(labels, new double[] {0, 1, 0, 0, 1}))
                .hasValue(1);
        assertThat(ProbabilityScores.accuracy(labels, new double[] {.5, .4, .6, .3, .5}, 0.5))
                .hasValue(0.6);
        assertThat(ProbabilityScores.brier(new boolean[0], new double[0])).isEmpty();
    }
}
