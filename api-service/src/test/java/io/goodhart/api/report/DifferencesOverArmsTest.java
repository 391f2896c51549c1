package io.goodhart.api.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.goodhart.api.report.DifferencesOverArms.Arm;
import io.goodhart.api.report.DifferencesOverArms.Reading;
import io.goodhart.api.report.Pairing.Paired;
import io.goodhart.api.report.Pairing.Unpaired;
import io.goodhart.api.report.ReportComparison.Basis;
import io.goodhart.api.report.ReportComparison.Difference;
import io.goodhart.domain.SplitMix;
import io.goodhart.domain.report.Estimate;
import io.goodhart.domain.report.TrainedAlike;
import io.goodhart.domain.spec.ArmSpec;
import io.goodhart.domain.spec.TrainingSpec;
import io.goodhart.domain.statistics.Interval;
import io.goodhart.domain.statistics.Percentile;
import io.goodhart.domain.statistics.RateDifference;
import io.goodhart.domain.statistics.SeedMean;
import io.goodhart.domain.statistics.SeedStatistic;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DifferencesOverArmsTest {
    private static final double EXACT = 1e-12;
    private static final double LEVEL = 0.95;
    private static final Optional<TrainedAlike> DPO =
            Optional.of(TrainedAlike.of(new ArmSpec.Dpo(ArmSpec.LabelBy.SCORER, null, null, TrainingSpec.EMPTY)));

    private static final SeedMean QUIET = new SeedMean(-0.1, 0.0001, 0.0004, 0, 1, 2, 300);
    private static final SeedMean LOUD = new SeedMean(-0.1, 0.0001, 0.0100, 0, 1, 2, 300);

    @Test
    void differenceOfIndependentEstimatesAddsTheirErrors() {
        Difference difference = independent("rate", estimate(0.4, 0.37, 0.43), estimate(0.1, 0.06, 0.14));

        assertThat(difference.basis()).isEqualTo(Basis.INDEPENDENT);
        assertThat(difference.how()).isEqualTo("other seeds");
        assertThat(difference.difference()).isCloseTo(-0.3, within(EXACT));
        assertThat(difference.lower()).isCloseTo(-0.35, within(EXACT)); // √(0.04² + 0.03²) = 0.05
        assertThat(difference.upper()).isCloseTo(-0.25, within(EXACT));
        assertThat(difference.p()).isLessThan(1e-20);
    }

    @Test
    void swappingTheTwoMirrorsTheInterval() {
        Estimate a = estimate(0.9, 0.7, 0.95);
        Estimate b = estimate(0.6, 0.5, 0.75);

        Difference there = independent("AUC", a, b);
        Difference back = independent("AUC", b, a);

        assertThat(there.lower()).isCloseTo(-required(back.upper()), within(EXACT));
        assertThat(there.upper()).isCloseTo(-required(back.lower()), within(EXACT));
        assertThat(there.p()).isCloseTo(required(back.p()), within(EXACT));
    }

    @Test
    void pIsWhatIsLeftOfTheLevelWhereTheIntervalEndsAtZero() {
        Difference touching = independent("rate", estimate(0.4, 0.36, 0.43), estimate(0.45, 0.41, 0.5));

        assertThat(touching.lower()).isCloseTo(0, within(EXACT)); // √(0.04² + 0.03²) = 0.05
        assertThat(touching.p()).isCloseTo(1 - LEVEL, within(1e-9));
    }

    @Test
    void estimateWithoutAnIntervalGivesNone() {
        Difference difference = independent("PPL wiki", new Estimate(40, null, null, List.of()), estimate(41, 40, 42));

        assertThat(difference.difference()).isEqualTo(1);
        assertThat(difference.lower()).isNull();
        assertThat(difference.p()).isNull();
        assertThat(difference.adjustedP()).isNull();
    }

    @Test
    void pairedDifferenceHasItsOwnIntervalNotThatOfTheTwoEstimates() {
        SeedMean mean = SeedMean.of(List.of(SeedStatistic.ofMean(new double[] {0, -1, 0, 0, -1, 0, 1, 0})));
        Difference difference = only(new Reading(
                arm("x"), "rate", estimate(0.5, 0.1, 0.9), estimate(0.375, 0, 0.8), Paired.of(mean, "prompt")));

        Interval expected = mean.interval(LEVEL).orElseThrow();
        assertThat(difference.basis()).isEqualTo(Basis.PAIRED);
        assertThat(difference.difference()).isCloseTo(-0.125, within(EXACT));
        assertThat(difference.lower()).isCloseTo(expected.lower(), within(EXACT));
        assertThat(difference.upper()).isCloseTo(expected.upper(), within(EXACT));
        assertThat(difference.p()).isCloseTo(mean.p().orElseThrow(), within(EXACT));
    }

    @Test
    void unitsThatAllMoveAlikeSayNothingOfTheSpreadAndTheTwoEstimatesStand() {
        SeedMean constant = SeedMean.of(List.of(SeedStatistic.ofMean(new double[] {-1, -1, -1})));
        Difference difference = only(
                new Reading(arm("x"), "rate", estimate(1, 0.4, 1), estimate(0, 0, 0.6), Paired.of(constant, "prompt")));

        assertThat(difference.basis()).isEqualTo(Basis.INDEPENDENT);
        assertThat(difference.lower()).isEqualTo(-1 - Math.hypot(0, 0));
    }

    @Test
    void pValuesAreCorrectedOverTheArmsWithTheSameQuantity() {
        List<Reading> readings = new ArrayList<>();
        for (String name : List.of("x", "y", "z")) {
            double shift = name.equals("x") ? 0.10 : name.equals("y") ? 0.06 : 0.01;
            readings.add(reading(name, "rate", shift));
            readings.add(reading(name, "AUC", 0.06));
        }
        DifferencesOverArms differences = new DifferencesOverArms(LEVEL, readings);

        double p = required(differences.of("x").getFirst().p());
        assertThat(differences.of("x").getFirst().adjustedP()).isCloseTo(3 * p, within(EXACT));
        assertThat(differences.of("y").getFirst().adjustedP())
                .isCloseTo(2 * required(differences.of("y").getFirst().p()), within(EXACT));
        assertThat(differences.of("z").getFirst().adjustedP())
                .isCloseTo(required(differences.of("z").getFirst().p()), within(EXACT));
        assertThat(differences.of("z").get(1).adjustedP())
                .isCloseTo(Math.min(1, 3 * required(differences.of("z").get(1).p())), within(EXACT));
    }

    @Test
    void untrainedModelThatIsComparedWithItselfIsNoTestAmongOthers() {
        SeedMean nothing = SeedMean.of(List.of(SeedStatistic.ofMean(new double[] {0, 0, 0})));
        Estimate any = estimate(0.4, 0.36, 0.43);
        Reading moved = reading("x", "rate", 0.10);
        for (boolean untrained : List.of(true, false)) {
            Arm arm = new Arm("y", Optional.empty(), Optional.empty(), false, untrained);
            DifferencesOverArms same = new DifferencesOverArms(
                    LEVEL, List.of(moved, new Reading(arm, "rate", any, any, Paired.of(nothing, "prompt"))));

            double p = required(same.of("x").getFirst().p());
            assertThat(same.of("y").getFirst().p()).isEqualTo(1);
            assertThat(same.of("x").getFirst().adjustedP()).isCloseTo(untrained ? p : 2 * p, within(EXACT));
            assertThat(same.of("y").getFirst().adjustedP()).isEqualTo(untrained ? null : Double.valueOf(1));
        }
        Arm sampledAnew = new Arm("y", Optional.empty(), Optional.empty(), false, true);
        DifferencesOverArms others = new DifferencesOverArms(
                LEVEL, List.of(moved, new Reading(sampledAnew, "rate", any, any, new Unpaired("other seeds"))));
        assertThat(others.of("y").getFirst().adjustedP()).isNotNull();
    }

    @Test
    void armsThatTrainAlikeShareTheirSpreadOverSeedsButThoseOfRandomLabelsLendNone() {
        assertThat(halfOfFirst(QUIET, LOUD, arm("y")))
                .isCloseTo(half(QUIET.pooled(List.of(QUIET, LOUD))), within(EXACT));
        assertThat(halfOfFirst(QUIET, LOUD, new Arm("y", DPO, DPO, true, false)))
                .isCloseTo(half(QUIET), within(EXACT));
    }

    @Test
    void armsThatTrainInAnotherWayInEitherReportLendNoSpread() {
        Optional<TrainedAlike> sft = Optional.of(TrainedAlike.of(new ArmSpec.Sft(TrainingSpec.EMPTY)));

        assertThat(halfOfFirst(QUIET, LOUD, new Arm("y", DPO, sft, false, false)))
                .isCloseTo(half(QUIET), within(EXACT));
        assertThat(halfOfFirst(QUIET, LOUD, new Arm("y", sft, DPO, false, false)))
                .isCloseTo(half(QUIET), within(EXACT));
    }

    @Test
    void armOfRandomLabelsCountsItsOwnSpreadBesideThatOfOthers() {
        Estimate any = estimate(0, 0, 0);
        DifferencesOverArms differences = new DifferencesOverArms(
                LEVEL,
                List.of(
                        new Reading(arm("x"), "rate", any, any, Paired.of(QUIET, "prompt")),
                        new Reading(new Arm("y", DPO, DPO, true, false), "rate", any, any, Paired.of(LOUD, "prompt"))));

        assertThat(width(differences.of("y").getFirst()) / 2)
                .isCloseTo(half(LOUD.pooled(List.of(QUIET, LOUD))), within(EXACT));
    }

    @Test
    void differenceOfSharesEndsAtOneAndThatOfPerplexitiesDoesNot() {
        SeedMean wide = new SeedMean(0.4, 0.2, 0.4, 0, 1, 2, 30);
        Estimate any = estimate(0, 0, 0);

        Difference share = only(new Reading(arm("x"), "AUC", any, any, Paired.of(wide, "text")));
        Difference perplexity = only(new Reading(arm("x"), "PPL wiki", any, any, Paired.of(wide, "text")));

        assertThat(share.lower()).isEqualTo(-1);
        assertThat(share.upper()).isEqualTo(1);
        assertThat(perplexity.upper()).isGreaterThan(1);
    }

    /** As within a report: where every prompt turns there is an interval of its own, but no test over seeds. */
    @Test
    void rateThatTurnsAtEveryPromptHasNewcombesInterval() {
        boolean[] all = {true, true, true, true, true, true};
        RateDifference.Seed turned = RateDifference.Seed.of(new boolean[6], all);
        RateDifference rates = RateDifference.of(List.of(turned, turned));

        Difference difference = only(
                new Reading(arm("x"), "rate", estimate(1, 0.6, 1), estimate(0, 0, 0.4), Paired.of(rates, "prompt")));

        assertThat(difference.basis()).isEqualTo(Basis.PAIRED);
        assertThat(difference.lower()).isEqualTo(-1);
        assertThat(difference.upper()).isEqualTo(rates.interval(LEVEL).upper()).isLessThan(0);
        assertThat(difference.p()).isNull();
        assertThat(difference.adjustedP()).isNull();
    }

    /** Prompts that both reports share, two seeds of each, and nothing that differs: 1,000 trials, standard error 0.007. */
    @Test
    void pairedIntervalsCoverNoDifferenceAndAreNarrowerThanIndependentOnes() {
        SplitMix random = new SplitMix(11);
        int covered = 0;
        int trials = 1000;
        double[] paired = new double[trials];
        double[] independent = new double[trials];
        for (int trial = 0; trial < trials; trial++) {
            double[] prompts = noises(random, 40, 1);
            List<SeedStatistic> a = List.of(seed(random, prompts), seed(random, prompts));
            List<SeedStatistic> b = List.of(seed(random, prompts), seed(random, prompts));
            SeedMean difference = SeedMean.of(
                    List.of(b.getFirst().minus(a.getFirst()), b.getLast().minus(a.getLast())));
            Interval interval = difference.interval(LEVEL).orElseThrow();
            covered += interval.contains(0) ? 1 : 0;
            paired[trial] = interval.width();
            independent[trial] = width(SeedMean.of(a), SeedMean.of(b));
        }

        assertThat((double) covered / trials).isBetween(0.93, 0.995);
        assertThat(Percentile.of(paired, 0.5)).isLessThan(0.5 * Percentile.of(independent, 0.5));
    }

    private static double width(SeedMean a, SeedMean b) {
        return width(independent("rate", estimate(a), estimate(b)));
    }

    private static double width(Difference difference) {
        return required(difference.upper()) - required(difference.lower());
    }

    private static Estimate estimate(SeedMean mean) {
        Interval interval = mean.interval(LEVEL).orElseThrow();
        return estimate(mean.mean(), interval.lower(), interval.upper());
    }

    private static SeedStatistic seed(SplitMix random, double[] prompts) {
        double[] values = noises(random, prompts.length, 0.3);
        for (int i = 0; i < values.length; i++) {
            values[i] += prompts[i];
        }
        return SeedStatistic.ofMean(values);
    }

    private static double[] noises(SplitMix random, int n, double deviation) {
        double[] noises = new double[n];
        for (int i = 0; i < n; i++) {
            double sum = -6;
            for (int k = 0; k < 12; k++) {
                sum += random.uniform();
            }
            noises[i] = deviation * sum;
        }
        return noises;
    }

    private static double halfOfFirst(SeedMean first, SeedMean second, Arm ofSecond) {
        Estimate any = estimate(0, 0, 0);
        DifferencesOverArms differences = new DifferencesOverArms(
                LEVEL,
                List.of(
                        new Reading(arm("x"), "rate", any, any, Paired.of(first, "prompt")),
                        new Reading(ofSecond, "rate", any, any, Paired.of(second, "prompt"))));
        return width(differences.of("x").getFirst()) / 2;
    }

    private static double half(SeedMean mean) {
        return mean.interval(LEVEL).orElseThrow().width() / 2;
    }

    private static Reading reading(String arm, String quantity, double shift) {
        Estimate a = estimate(0.4, 0.36, 0.43);
        Estimate b = estimate(0.4 + shift, 0.36 + shift, 0.43 + shift);
        return new Reading(arm(arm), quantity, a, b, new Unpaired("other seeds"));
    }

    private static Difference independent(String quantity, Estimate a, Estimate b) {
        return only(new Reading(arm("x"), quantity, a, b, new Unpaired("other seeds")));
    }

    private static Difference only(Reading reading) {
        return new DifferencesOverArms(LEVEL, List.of(reading))
                .of(reading.arm().name())
                .getFirst();
    }

    private static Arm arm(String name) {
        return new Arm(name, DPO, DPO, false, false);
    }

    private static Estimate estimate(double value, double lower, double upper) {
        return new Estimate(value, lower, upper, List.of());
    }

    private static double required(@Nullable Double value) {
        return Objects.requireNonNull(value);
    }
}
