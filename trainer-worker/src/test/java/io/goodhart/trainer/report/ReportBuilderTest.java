package io.goodhart.trainer.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import io.goodhart.db.codec.GoodhartJson;
import io.goodhart.domain.model.ProbeRole;
import io.goodhart.domain.plan.TaskSpec;
import io.goodhart.domain.report.ArmReport;
import io.goodhart.domain.report.Comparison;
import io.goodhart.domain.report.Curve;
import io.goodhart.domain.report.Estimate;
import io.goodhart.domain.report.Evaluation.TextSet;
import io.goodhart.domain.report.Evaluation.Transfer;
import io.goodhart.domain.report.EvasionReading;
import io.goodhart.domain.report.EvasionReading.Reading;
import io.goodhart.domain.report.PerplexityResult;
import io.goodhart.domain.report.ProbeGroup;
import io.goodhart.domain.report.ProbeResult;
import io.goodhart.domain.report.Provenance;
import io.goodhart.domain.report.Report;
import io.goodhart.domain.report.Verdict;
import io.goodhart.domain.report.Verdict.Outcome;
import io.goodhart.domain.report.Verdict.State;
import io.goodhart.domain.report.Warning;
import io.goodhart.domain.spec.ArmSpec;
import io.goodhart.domain.spec.TrainingSpec;
import io.goodhart.probing.evaluate.DeLong;
import io.goodhart.probing.statistics.Interval;
import io.goodhart.probing.statistics.Wilson;
import io.goodhart.trainer.report.ReportInputs.RunKey;
import io.goodhart.trainer.report.ReportInputs.RunResult;
import io.goodhart.trainer.report.SyntheticExperiment.Truth;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class ReportBuilderTest {
    private static final double CLOSED_FORM = 1e-12;
    private static final SyntheticExperiment DEMONSTRATION = SyntheticExperiment.demonstration();
    private static final Report REPORT = ReportBuilder.build(DEMONSTRATION.spec(), DEMONSTRATION.inputs());

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
    void controlsThatReadAreWarnedOfAndOthersAreRowsNearOneHalf() {
        Report silent = controlled(0);
        assertThat(silent.warnings()).extracting(Warning::code).doesNotContain(Warning.Code.CONTROL_PROBE_READS);
        assertThat(silent.arms().getFirst().probes())
                .filteredOn(probes -> probes.group() == ProbeGroup.CONTROL)
                .isNotEmpty()
                .allSatisfy(probes -> assertThat(
                                Objects.requireNonNull(probes.auroc()).value())
                        .isBetween(0.4, 0.6));
        assertThat(controlled(1).warnings())
                .filteredOn(warning -> warning.code() == Warning.Code.CONTROL_PROBE_READS)
                .isNotEmpty()
                .allSatisfy(warning -> {
                    assertThat(warning.arm()).isEqualTo("baseline");
                    assertThat(warning.message()).contains("shuffled labels");
                });
    }

    private static Report controlled(double separation) {
        SyntheticExperiment experiment = new SyntheticExperiment(5, List.of(1L), OptionalDouble.of(separation));
        return ReportBuilder.build(experiment.spec(), experiment.inputs());
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
        Report report = ReportBuilder.build(one.spec(), one.inputs());
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
        Verdict verdict = Objects.requireNonNull(ReportBuilder.build(open.spec(), open.inputs())
                .arm("probe-dpo")
                .orElseThrow()
                .verdict());

        assertThat(verdict.outcome()).as(verdict.toString()).isEqualTo(Outcome.INCONCLUSIVE);
        assertThat(verdict.states()).containsEntry(ProbeGroup.HELD_OUT, State.UNCLEAR);
        assertThat(verdict.needed()).containsAnyOf("evaluation prompts (now 400)", "seeds (now 2)", "more seeds");
    }

    @Test
    void oneSeedUsesMcNemarAndSaysSo() {
        SyntheticExperiment one = new SyntheticExperiment(3, List.of(9L))
                .arm("sft", new ArmSpec.Sft(TrainingSpec.EMPTY), new Truth(0.6, 1.2, 1.25, 1.2, 0, 0));
        Report report = ReportBuilder.build(one.spec(), one.inputs());
        Comparison difference = Objects.requireNonNull(
                Objects.requireNonNull(report.arm("sft").orElseThrow().behaviour())
                        .againstBaseline());

        assertThat(difference.test()).contains("McNemar");
        assertThat(report.warnings()).extracting(Warning::code).contains(Warning.Code.SINGLE_SEED);
    }

    @Test
    void repeatedSeedIsNoSecondMeasurement() {
        SyntheticExperiment twice = new SyntheticExperiment(3, List.of(1L, 2L))
                .arm("sft", new ArmSpec.Sft(TrainingSpec.EMPTY), new Truth(0.6, 1.2, 1.25, 1.2, 0, 0));
        twice.replace("sft", 2, twice.run("sft", 1));

        assertThat(ReportBuilder.build(twice.spec(), twice.inputs()).warnings())
                .extracting(Warning::code)
                .contains(Warning.Code.IDENTICAL_SEEDS);
    }

    @Test
    void nothingMeasuredIsAReportThatSaysSo() {
        ReportInputs nothing = new ReportInputs(Provenance.UNKNOWN, null, Map.of(), Map.of());
        TaskSpec.Report spec = DEMONSTRATION.spec();

        Report report = ReportBuilder.build(spec, nothing);

        assertThat(report.arms()).hasSize(8);
        assertThat(Objects.requireNonNull(report.arm("sft").orElseThrow().verdict())
                        .outcome())
                .isEqualTo(Outcome.INCONCLUSIVE);
        assertThat(report.warnings()).extracting(Warning::code).contains(Warning.Code.NOT_MEASURED);
    }

    @Test
    void divergedTrainingsAreToldOfAndTheOthersAreJudged() {
        ReportInputs whole = DEMONSTRATION.inputs();
        Map<RunKey, RunResult> runs = new HashMap<>(whole.runs());
        runs.remove(new RunKey("probe-sft", 2));
        DEMONSTRATION.spec().seeds().forEach(seed -> runs.remove(new RunKey("dpo-too-far", seed)));
        Report report = ReportBuilder.build(
                DEMONSTRATION.spec(), new ReportInputs(whole.provenance(), whole.sweep(), runs, whole.pairs()));

        assertThat(report.warnings())
                .filteredOn(warning -> warning.code() == Warning.Code.DIVERGED)
                .extracting(Warning::arm, Warning::message)
                .containsExactly(
                        tuple(
                                "probe-sft",
                                "the training of seed 2 diverged, so 2 of 3 seeds were evaluated; try a smaller learning rate."),
                        tuple(
                                "dpo-too-far",
                                "the training of seeds 1, 2, 3 diverged, so 0 of 3 seeds were evaluated; try a smaller learning rate."));
        assertThat(report.arm("probe-sft").orElseThrow().runs()).hasSize(2);
        assertThat(report.arm("probe-dpo").orElseThrow().runs())
                .isEqualTo(arm("probe-dpo").runs());
        assertThat(Objects.requireNonNull(
                                report.arm("dpo-too-far").orElseThrow().verdict())
                        .outcome())
                .isEqualTo(Outcome.INCONCLUSIVE);
    }

    @Test
    void reportSurvivesItsJson() {
        assertThat(GoodhartJson.read(Report.class, GoodhartJson.write(REPORT))).isEqualTo(REPORT);
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
