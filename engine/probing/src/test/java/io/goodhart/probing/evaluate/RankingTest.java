package io.goodhart.probing.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.goodhart.domain.SplitMix;
import io.goodhart.domain.statistics.Interval;
import io.goodhart.domain.statistics.Percentile;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RankingTest {
    private static final double EXACT = 1e-12;
    private static final boolean[] LABELS = {true, false, true, false, false, true, false};
    private static final double[] SCORES = {0.9, 0.9, 0.7, 0.6, 0.6, 0.6, 0.1}; // ties across the classes

    @Test
    void everyTextOnceGivesTheMeasuresOfTheCurve() {
        int[] once = new int[LABELS.length];
        Arrays.fill(once, 1);
        RocCurve curve = RocCurve.of(LABELS, SCORES);
        for (double limit : new double[] {0, 0.01, 0.25, 0.5, 1}) {
            Ranking.Measures measures = Ranking.of(LABELS, SCORES).measures(once, 3, 4, limit);
            assertThat(measures.averagePrecision())
                    .isCloseTo(curve.averagePrecision().orElseThrow(), within(EXACT));
            assertThat(measures.tprAtFpr()).isCloseTo(curve.tprAtFpr(limit).orElseThrow(), within(EXACT));
        }
    }

    /** 0.29 · 100 is less than 29 by its rounding. */
    @Test
    void everyWholeNumberOfFalsePositivesIsAllowedAtItsOwnRate() {
        int n = 100;
        boolean[] labels = new boolean[2 * n];
        double[] scores = new double[2 * n];
        int[] once = new int[2 * n];
        for (int i = 0; i < 2 * n; i++) {
            labels[i] = i % 2 == 0; // a positive just below each negative
            scores[i] = 2 * n - i + (labels[i] ? -1.5 : 0);
            once[i] = 1;
        }
        Ranking ranking = Ranking.of(labels, scores);
        RocCurve curve = RocCurve.of(labels, scores);
        for (int k = 0; k <= n; k++) {
            double limit = k / 100.0;
            assertThat(ranking.measures(once, n, n, limit).tprAtFpr())
                    .as("at %s", limit)
                    .isEqualTo(k / 100.0)
                    .isEqualTo(curve.tprAtFpr(limit).orElseThrow());
        }
    }

    @Test
    void resampleGivesTheMeasuresOfTheRepeatedTexts() {
        StratifiedDraw draw = new StratifiedDraw(LABELS);
        SplitMix random = new SplitMix(11);
        for (int r = 0; r < 200; r++) {
            int[] times = draw.next(random);
            int[] rows = IntStream.range(0, times.length)
                    .flatMap(i -> IntStream.range(0, times[i]).map(k -> i))
                    .toArray();
            boolean[] labels = new boolean[rows.length];
            IntStream.range(0, rows.length).forEach(i -> labels[i] = LABELS[rows[i]]);
            double[] scores = Arrays.stream(rows).mapToDouble(i -> SCORES[i]).toArray();
            Ranking.Measures measures = Ranking.of(LABELS, SCORES).measures(times, 3, 4, 0.25);
            assertThat(measures.averagePrecision())
                    .isCloseTo(AveragePrecision.of(labels, scores).orElseThrow(), within(EXACT));
            assertThat(measures.tprAtFpr())
                    .isCloseTo(TprAtFpr.of(labels, scores, 0.25).orElseThrow(), within(EXACT));
        }
    }

    @Test
    void everyResampleHasAsManyOfAClassAsThereAre() {
        SplitMix random = new SplitMix(3);
        for (int r = 0; r < 50; r++) {
            int[] times = new StratifiedDraw(LABELS).next(random);
            assertThat(IntStream.range(0, times.length)
                            .filter(i -> LABELS[i])
                            .map(i -> times[i])
                            .sum())
                    .isEqualTo(3);
            assertThat(Arrays.stream(times).sum()).isEqualTo(LABELS.length);
        }
    }

    @Test
    void oneClassCannotBeResampled() {
        assertThatIllegalArgumentException().isThrownBy(() -> new StratifiedDraw(new boolean[] {true, true}));
    }

    @Test
    void intervalOfAveragePrecisionHoldsTheTruthAsOftenAsItSays() {
        SplitMix random = new SplitMix(17);
        double truth = sample(random, 20_000, 20_000).point();
        int held = 0;
        for (int experiment = 0; experiment < 200; experiment++) {
            Sample sample = sample(random, 60, 90);
            Interval interval = sample.interval(random);
            held += interval.lower() <= truth && truth <= interval.upper() ? 1 : 0;
        }
        assertThat(held / 200.0).isBetween(0.88, 1.0); // 0.95, five standard errors of 0.015 below
    }

    private record Sample(Ranking ranking, StratifiedDraw draw, int texts) {
        double point() {
            int[] once = new int[texts];
            Arrays.fill(once, 1);
            return ranking.measures(once, draw.positives(), draw.negatives(), 0.01)
                    .averagePrecision();
        }

        Interval interval(SplitMix random) {
            double[] values = new double[300];
            Arrays.setAll(
                    values,
                    r -> ranking.measures(draw.next(random), draw.positives(), draw.negatives(), 0.01)
                            .averagePrecision());
            return Percentile.central(values, 0.95);
        }
    }

    /** Precision depends on the share of positives, so that of the truth is that of the experiments: 0.4. */
    private static Sample sample(SplitMix random, int positives, int negatives) {
        int half = positives == negatives ? Math.round(positives * 2 / 3f) : positives;
        boolean[] labels = new boolean[half + negatives];
        double[] scores = new double[labels.length];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = i < half;
            scores[i] = (labels[i] ? 1 : 0) + random.uniform() + random.uniform() + random.uniform();
        }
        return new Sample(Ranking.of(labels, scores), new StratifiedDraw(labels), labels.length);
    }
}
