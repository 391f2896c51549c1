package io.goodhart.trainer.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.goodhart.db.codec.GoodhartJson;
import io.goodhart.domain.model.ProbeRole;
import io.goodhart.domain.plan.TaskSpec;
import io.goodhart.domain.report.ArmReport;
import io.goodhart.domain.report.Calibration;
import io.goodhart.domain.report.Comparison;
import io.goodhart.domain.report.Curve;
import io.goodhart.domain.report.Estimate;
import io.goodhart.domain.report.Evaluation.TextSet;
import io.goodhart.domain.report.Evaluation.Transfer;
import io.goodhart.domain.report.EvasionReading;
import io.goodhart.domain.report.EvasionReading.Reading;
import io.goodhart.domain.report.GroupTexts;
import io.goodhart.domain.report.PerplexityResult;
import io.goodhart.domain.report.ProbeGroup;
import io.goodhart.domain.report.ProbeResult;
import io.goodhart.domain.report.Report;
import io.goodhart.domain.report.Resampled;
import io.goodhart.domain.report.RunDetails;
import io.goodhart.domain.report.Verdict;
import io.goodhart.domain.report.Verdict.Outcome;
import io.goodhart.domain.report.Verdict.State;
import io.goodhart.domain.report.Warning;
import io.goodhart.domain.spec.ArmSpec;
import io.goodhart.domain.spec.TrainingSpec;
import io.goodhart.domain.statistics.Interval;
import io.goodhart.domain.statistics.Wilson;
import io.goodhart.probing.evaluate.DeLong;
import io.goodhart.trainer.report.SyntheticExperiment.Truth;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ReportBuilderTest {
    private static final double CLOSED_FORM = 1e-12;
    private static final SyntheticExperiment DEMONSTRATION = SyntheticExperiment.demonstration();
    private static final Report REPORT = build(DEMONSTRATION.spec(), DEMONSTRATION.inputs());

    @Test
    void verdictsFindTheTruthThatTheNumbersWereDrawnFrom() {
        assertThat(outcome("classifier-dpo")).isEqualTo(Outcome.PRESERVED);
        assertThat(outcome("ensemble-dpo")).isEqualTo(Outcome.PRESERVED);
        assertThat(outcome("random-dpo")).isEqualTo(Outcome.PRESERVED);
        assertThat(outcome("probe-sft")).isEqualTo(Outcome.RECOVERABLE);
        assertThat(outcome("dpo-too-far")).isEqualTo(Outcome.LOST);
        assertThat(arm("baseline").verdict()).isNull();
    }

    @Test
    void pressureIsSeenWhereTheBehaviourMovedAndNotInTheControl() {
        assertThat(verdict("ensemble-dpo").pressure().exerted()).isTrue();
        assertThat(verdict("random-dpo").pressure().exerted()).isFalse();
        assertThat(verdict("random-dpo").reasons()).last().asString().startsWith("No pressure");
        assertThat(verdict("ensemble-dpo").pressure().behaviourChange()).isLessThan(-0.2);
    }

    @Test
    void untrainedModelCountsOnceHoweverManySeedsThereAre() {
        assertThat(arm("baseline").runs()).hasSize(1);
        assertThat(arm("ensemble-dpo").runs()).hasSize(3);
        assertThat(REPORT.warnings()).extracting(Warning::code).doesNotContain(Warning.Code.IDENTICAL_SEEDS);
    }

    @Test
    void ratesOfRunsHaveWilsonsInterval() {
        ArmReport.SeedRun run = arm("sft").runs().getFirst();
        Interval expected = Wilson.of(run.positives(), run.prompts(), 0.95).orElseThrow();

        assertThat(run.rate().value()).isCloseTo((double) run.positives() / run.prompts(), within(CLOSED_FORM));
        assertThat(run.rate().lower()).isEqualTo(expected.lower());
        assertThat(run.rate().upper()).isEqualTo(expected.upper());
    }

    @Test
    void differencesAreThisArmMinusTheOther() {
        ArmReport.Behaviour sft = Objects.requireNonNull(arm("sft").behaviour());
        ArmReport.Behaviour dpo = Objects.requireNonNull(arm("ensemble-dpo").behaviour());

        assertThat(Objects.requireNonNull(sft.againstBaseline()).difference()).isPositive();
        assertThat(Objects.requireNonNull(dpo.againstBaseline()).difference())
                .isCloseTo(dpo.rate().value() - rate("baseline"), within(CLOSED_FORM));
        assertThat(Objects.requireNonNull(dpo.againstControl()).difference())
                .isCloseTo(dpo.rate().value() - rate("random-dpo"), within(CLOSED_FORM));
    }

    @Test
    void controlDiffersFromItsArmByTheSignalAlone() {
        assertThat(arm("probe-dpo").control()).isEqualTo("random-dpo");
        assertThat(arm("classifier-dpo").control()).isEqualTo("random-dpo");
        assertThat(arm("probe-sft").control()).isEqualTo("sft");
        assertThat(arm("random-dpo").control()).isNull();
        assertThat(arm("random-dpo").kind()).isEqualTo(ArmReport.Kind.CONTROL);
        assertThat(arm("sft").kind()).isEqualTo(ArmReport.Kind.CONTROL);
        assertThat(arm("baseline").kind()).isEqualTo(ArmReport.Kind.BASELINE);
    }

    @Test
    void holmCorrectsOverTheArmsAndNeverLowersAP() {
        List<Comparison> differences = REPORT.arms().stream()
                .map(ArmReport::behaviour)
                .filter(Objects::nonNull)
                .map(ArmReport.Behaviour::againstBaseline)
                .filter(Objects::nonNull)
                .toList();

        assertThat(differences)
                .hasSize(7)
                .allSatisfy(difference ->
                        assertThat(difference.adjustedP()).isNotNull().isGreaterThanOrEqualTo(difference.p()));
        double smallest = differences.stream().mapToDouble(Comparison::p).min().orElseThrow();
        assertThat(differences)
                .filteredOn(difference -> difference.p() == smallest)
                .allSatisfy(difference ->
                        assertThat(difference.adjustedP()).isCloseTo(Math.min(1, 7 * smallest), within(CLOSED_FORM)));
    }

    @Test
    void probesThatTrainingSawStandApartOnlyWhereTheyAreNotAll() {
        assertThat(result("probe-dpo", ProbeGroup.SEEN, TextSet.FIXED).probes()).isEqualTo(1);
        assertThat(result("probe-dpo", ProbeGroup.TRAIN, TextSet.FIXED).probes())
                .isEqualTo(10);
        assertThat(arm("ensemble-dpo").probes()).noneMatch(probes -> probes.group() == ProbeGroup.SEEN);
        assertThat(arm("classifier-dpo").probes()).noneMatch(probes -> probes.group() == ProbeGroup.SEEN);
    }

    @Test
    void textsWithoutTokensHaveNoPartInAnAuc() {
        assertThat(result("baseline", ProbeGroup.HELD_OUT, TextSet.OWN).texts())
                .isEqualTo(SyntheticExperiment.PROMPTS - 1);
        assertThat(result("baseline", ProbeGroup.HELD_OUT, TextSet.FIXED).texts())
                .isEqualTo(SyntheticExperiment.PROMPTS - 1);
    }

    @Test
    void oneProbeOfOneSeedGivesThePairedDeLongTest() {
        SyntheticExperiment one = new SyntheticExperiment(11, List.of(4L))
                .arm(
                        "probe-dpo",
                        SyntheticExperiment.dpo(ArmSpec.LabelBy.PROBES, 1),
                        new Truth(0.2, 0.9, 1.25, 1.2, 0, 0.1));
        Report report = build(one.spec(), one.inputs());
        ProbeResult seen = result(report.arm("probe-dpo").orElseThrow(), ProbeGroup.SEEN, TextSet.FIXED);
        RunDetails trained = one.run("probe-dpo", 4).details();
        RunDetails base = one.run("baseline", 4).details().withOwnAsFixed();
        GroupTexts after = texts(trained);
        GroupTexts before = texts(base);
        DeLong.Comparison expected = DeLong.compare(
                        after.readableWith(before).labels(),
                        after.readableWith(before).meanProbabilities(),
                        before.readableWith(after).meanProbabilities())
                .orElseThrow();

        Comparison actual = Objects.requireNonNull(seen.againstBaseline());
        assertThat(actual.difference()).isCloseTo(expected.difference(), within(CLOSED_FORM));
        double normalP = expected.p().orElseThrow();
        assertThat(actual.p()).isBetween(normalP, normalP + 0.01); // Student's t for the normal: a little above
    }

    private static GroupTexts texts(RunDetails details) {
        return GroupTexts.of(details, ProbeRole.TRAIN, List.of(0), TextSet.FIXED, Transfer.FROZEN, 0.5)
                .orElseThrow();
    }

    @Test
    void perplexityRatioIsTheRatioOfThePerplexities() {
        PerplexityResult tweets = arm("classifier-dpo").perplexity().getFirst();
        PerplexityResult base = arm("baseline").perplexity().getFirst();
        Estimate ratio = Objects.requireNonNull(tweets.ratio());

        for (int s = 0; s < 3; s++) {
            assertThat(ratio.bySeed().get(s))
                    .isCloseTo(
                            tweets.perToken().bySeed().get(s) / base.perToken().value(), within(1e-9));
        }
        assertThat(ratio.lower()).isLessThan(ratio.value());
        assertThat(ratio.value()).isBetween(1.08, 1.18);
        assertThat(base.ratio()).isNull();
    }

    @Test
    void driftAndEvasionAreToldApart() {
        assertThat(reading("probe-sft", ProbeGroup.TRAIN).reading()).isEqualTo(Reading.DRIFT);
        assertThat(reading("classifier-dpo", ProbeGroup.HELD_OUT).reading()).isEqualTo(Reading.NEITHER);
        EvasionReading drift = reading("probe-sft", ProbeGroup.TRAIN);
        assertThat(drift.onTrained()).isLessThan(drift.onBase());
        assertThat(Objects.requireNonNull(drift.drift()).difference())
                .isCloseTo(drift.onTrained() - drift.onBase(), within(CLOSED_FORM));
    }

    @Test
    void curvesAreTheEvaluationsOnTheWayNotTheFinalOne() {
        Curve rate = arm("classifier-dpo").curves().getFirst();
        Curve.CurvePoint last = rate.points().getLast();

        assertThat(rate.quantity()).isEqualTo(Curve.Quantity.RATE);
        assertThat(rate.points()).hasSize(11).allSatisfy(point -> {
            assertThat(point.seeds()).isEqualTo(3);
            assertThat(point.mean()).isBetween(point.lower(), point.upper());
        });
        assertThat(last.mean()).isNotEqualTo(rate("classifier-dpo"));
        assertThat(arm("sft").curves().getFirst().points()).hasSize(7);
        assertThat(arm("baseline").curves()).isEmpty();
    }

    @Test
    void armThatLostItsPositivesIsFlagged() {
        assertThat(REPORT.warnings())
                .anySatisfy(warning -> {
                    assertThat(warning.code()).isEqualTo(Warning.Code.FEW_POSITIVES);
                    assertThat(warning.arm()).isEqualTo("dpo-too-far");
                })
                .anySatisfy(warning -> {
                    assertThat(warning.code()).isEqualTo(Warning.Code.DEGENERATE_TEXT);
                    assertThat(warning.message()).contains("perplexity of tweets");
                });
    }

    @Test
    void openVerdictSaysWhatWouldDecide() {
        SyntheticExperiment open = new SyntheticExperiment(3, List.of(1L, 2L))
                .arm(
                        "probe-dpo",
                        SyntheticExperiment.dpo(ArmSpec.LabelBy.PROBES, 10),
                        new Truth(0.2, 1.2, 0.9, 1.2, 0, 0.1));
        Verdict verdict = Objects.requireNonNull(
                build(open.spec(), open.inputs()).arm("probe-dpo").orElseThrow().verdict());

        assertThat(verdict.outcome()).as(verdict.toString()).isEqualTo(Outcome.INCONCLUSIVE);
        assertThat(verdict.states()).containsEntry(ProbeGroup.HELD_OUT, State.UNCLEAR);
        assertThat(verdict.needed()).containsAnyOf("evaluation prompts (now 400)", "seeds (now 2)", "more seeds");
    }

    @Test
    void oneSeedUsesMcNemarAndSaysSo() {
        SyntheticExperiment one = new SyntheticExperiment(3, List.of(9L))
                .arm("sft", new ArmSpec.Sft(TrainingSpec.EMPTY), new Truth(0.6, 1.2, 1.25, 1.2, 0, 0));
        Report report = build(one.spec(), one.inputs());
        Comparison difference = Objects.requireNonNull(
                Objects.requireNonNull(report.arm("sft").orElseThrow().behaviour())
                        .againstBaseline());

        assertThat(difference.test()).contains("McNemar");
        assertThat(report.warnings()).extracting(Warning::code).contains(Warning.Code.SINGLE_SEED);
    }

    @Test
    void whatHasNoClosedFormHasABootstrapInterval() {
        ProbeResult probes = result("ensemble-dpo", ProbeGroup.HELD_OUT, TextSet.FIXED);
        Resampled resampled = Objects.requireNonNull(probes.resampled());
        Estimate precision = resampled.averagePrecision();

        assertThat(precision.value()).isCloseTo(Objects.requireNonNull(probes.averagePrecision()), within(CLOSED_FORM));
        assertThat(resampled.tprAtFpr1Pct().value())
                .isCloseTo(Objects.requireNonNull(probes.tprAtFpr1Pct()), within(CLOSED_FORM));
        assertThat(precision.lower()).isLessThan(precision.value());
        assertThat(precision.upper()).isGreaterThan(precision.value());
        Comparison difference = Objects.requireNonNull(resampled.averagePrecisionAgainstBaseline());
        assertThat(difference.difference())
                .isCloseTo(
                        precision.value()
                                - Objects.requireNonNull(result("baseline", ProbeGroup.HELD_OUT, TextSet.FIXED)
                                        .averagePrecision()),
                        within(1e-3)); // one text, which the baseline cannot read, counts in neither
        assertThat(width(difference)) // the same texts in both, so much of what varies cancels
                .isLessThan(1.4 * (Objects.requireNonNull(precision.upper()) - precision.lower()));
        assertThat(Objects.requireNonNull(result("ensemble-dpo", ProbeGroup.HELD_OUT, TextSet.OWN)
                                .resampled())
                        .averagePrecisionAgainstBaseline())
                .isNull();
    }

    @Test
    void comparisonsSayWhatTheyWouldHaveFound() {
        Comparison rate = Objects.requireNonNull(
                Objects.requireNonNull(arm("sft").behaviour()).againstBaseline());
        Comparison auc = Objects.requireNonNull(
                result("sft", ProbeGroup.TRAIN, TextSet.FIXED).againstBaseline());

        // half a 95 % interval is t·SE with t near 2, and Holm's first of seven steps at 80 % power asks for about 3.5
        // to 4 SE
        assertThat(Objects.requireNonNull(rate.detectable())).isBetween(0.8 * width(rate), 1.3 * width(rate));
        assertThat(Objects.requireNonNull(auc.detectable())).isBetween(0.8 * width(auc), 1.3 * width(auc));
    }

    @Test
    void probesThatAreShiftedAreWorseCalibrated() {
        Calibration before = Objects.requireNonNull(
                result("baseline", ProbeGroup.TRAIN, TextSet.FIXED).calibration());
        Calibration after = Objects.requireNonNull(
                result("probe-sft", ProbeGroup.TRAIN, TextSet.FIXED).calibration());

        assertThat(after.brier()).isGreaterThan(before.brier());
        assertThat(after.expectedCalibrationError()).isGreaterThan(before.expectedCalibrationError());
    }

    private static double width(Comparison comparison) {
        return Objects.requireNonNull(comparison.upper()) - Objects.requireNonNull(comparison.lower());
    }

    @Test
    void reportSurvivesItsJson() {
        assertThat(GoodhartJson.read(Report.class, GoodhartJson.write(REPORT))).isEqualTo(REPORT);
    }

    /** With few resamples: what they are good for is tested elsewhere. */
    private static Report build(TaskSpec.Report spec, ReportInputs inputs) {
        return ReportBuilder.build(spec, inputs, 100);
    }

    private static Outcome outcome(String name) {
        return verdict(name).outcome();
    }

    private static Verdict verdict(String name) {
        return Objects.requireNonNull(arm(name).verdict());
    }

    private static ArmReport arm(String name) {
        return REPORT.arm(name).orElseThrow();
    }

    private static double rate(String name) {
        return Objects.requireNonNull(arm(name).behaviour()).rate().value();
    }

    private static ProbeResult result(String name, ProbeGroup group, TextSet set) {
        return result(arm(name), group, set);
    }

    private static ProbeResult result(ArmReport arm, ProbeGroup group, TextSet set) {
        return arm.probes().stream()
                .filter(probes ->
                        probes.group() == group && probes.set() == set && probes.transfer() == Transfer.FROZEN)
                .findFirst()
                .orElseThrow();
    }

    private static EvasionReading reading(String name, ProbeGroup group) {
        return arm(name).evasion().stream()
                .filter(reading -> reading.group() == group)
                .findFirst()
                .orElseThrow();
    }
}
