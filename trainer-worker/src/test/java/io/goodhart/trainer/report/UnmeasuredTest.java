package io.goodhart.trainer.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.goodhart.domain.plan.TaskSpec;
import io.goodhart.domain.report.ArmReport;
import io.goodhart.domain.report.Curve;
import io.goodhart.domain.report.Evaluation;
import io.goodhart.domain.report.Evaluation.TextSet;
import io.goodhart.domain.report.Evaluation.Transfer;
import io.goodhart.domain.report.ProbeGroup;
import io.goodhart.domain.report.ProbeResult;
import io.goodhart.domain.report.Provenance;
import io.goodhart.domain.report.Report;
import io.goodhart.domain.report.Verdict;
import io.goodhart.domain.report.Verdict.Outcome;
import io.goodhart.domain.report.Warning;
import io.goodhart.domain.spec.ArmSpec;
import io.goodhart.domain.spec.TrainingSpec;
import io.goodhart.trainer.report.ReportInputs.RunKey;
import io.goodhart.trainer.report.ReportInputs.RunResult;
import io.goodhart.trainer.report.ReportInputs.Unmeasured;
import io.goodhart.trainer.report.SyntheticExperiment.Truth;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What a report says instead of a number that was not measured, or is not defined. */
class UnmeasuredTest {
    private static final SyntheticExperiment DEMONSTRATION = SyntheticExperiment.demonstration();
    private static final Report REPORT = build(DEMONSTRATION.spec(), DEMONSTRATION.inputs());

    @Test
    void nothingMeasuredIsAReportThatSaysSo() {
        ReportInputs nothing = new ReportInputs(Provenance.UNKNOWN, null, Map.of(), Map.of(), Map.of());
        TaskSpec.Report spec = DEMONSTRATION.spec();

        Report report = build(spec, nothing);

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
        Report report = build(
                DEMONSTRATION.spec(),
                new ReportInputs(whole.provenance(), whole.sweep(), runs, whole.pairs(), Map.of()));

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
        Verdict verdict =
                Objects.requireNonNull(report.arm("dpo-too-far").orElseThrow().verdict());
        assertThat(verdict.outcome()).isEqualTo(Outcome.INCONCLUSIVE);
        assertThat(verdict.reasons()).containsExactly("No run of this arm was measured.");
        assertThat(verdict.needed()).isEqualTo("a run that ends; the warnings say why none did.");
    }

    @Test
    void trainedModelThatComputesNothingFiniteIsToldApartFromATrainingThatDiverged() {
        ReportInputs whole = DEMONSTRATION.inputs();
        Map<RunKey, RunResult> runs = new HashMap<>(whole.runs());
        RunKey broken = new RunKey("probe-sft", 3);
        runs.remove(broken);
        runs.remove(new RunKey("probe-sft", 1));
        RunKey without = new RunKey("probe-dpo", 2);
        runs.remove(without);
        Report report = build(
                DEMONSTRATION.spec(),
                new ReportInputs(
                        whole.provenance(),
                        whole.sweep(),
                        runs,
                        whole.pairs(),
                        Map.of(broken, Unmeasured.NOT_FINITE, without, Unmeasured.NO_PAIRS)));

        assertThat(report.warnings())
                .filteredOn(warning -> warning.code() == Warning.Code.DIVERGED)
                .extracting(Warning::message)
                .containsExactly(
                        "the training of seed 1 diverged, so 1 of 3 seeds were evaluated; try a smaller learning rate.",
                        "the trained model of seed 3 computes numbers that are not finite and cannot be measured,"
                                + " so 1 of 3 seeds were evaluated; try a smaller learning rate.");
        assertThat(report.warnings())
                .filteredOn(warning -> "probe-dpo".equals(warning.arm()))
                .extracting(Warning::code, Warning::message)
                .contains(tuple(
                        Warning.Code.NOT_MEASURED,
                        "no pair was left to train seed 2 on, so 2 of 3 seeds were evaluated;"
                                + " take more prompts or responses, a smaller margin, or other ties."));
    }

    @Test
    void withoutPositivesAfterTrainingOwnAucsAreUndefinedAndSaidToBe() {
        SyntheticExperiment none = new SyntheticExperiment(3, List.of(1L, 2L))
                .arm("sft", new ArmSpec.Sft(TrainingSpec.EMPTY), new Truth(0.3, 1.2, 1.25, 1.2, 0, 0));
        none.seeds().forEach(seed -> none.silence("sft", seed));

        Report report = build(none.spec(), none.inputs());

        ArmReport arm = report.arm("sft").orElseThrow();
        ProbeResult own = result(arm, ProbeGroup.TRAIN, TextSet.OWN);
        assertThat(own.positives()).isZero();
        assertThat(own.auroc()).isNull();
        assertThat(own.averagePrecision()).isNull();
        assertThat(own.againstBaseline()).isNull();
        assertThat(result(arm, ProbeGroup.TRAIN, TextSet.FIXED).auroc()).isNotNull();
        assertThat(report.warnings())
                .filteredOn(warning -> "sft".equals(warning.arm()))
                .extracting(Warning::code, Warning::message)
                .contains(
                        tuple(
                                Warning.Code.UNDEFINED_AUC,
                                "own texts lack a class (0 positive of 798): their AUC is undefined and not shown."),
                        tuple(
                                Warning.Code.NOT_MEASURED,
                                "no probe could be retrained for seeds 1, 2: own responses of the prompts that are set"
                                        + " apart for it lack a class."));
    }

    @Test
    void scoresThatAreAllEqualLeaveEveryAucUndefined() {
        SyntheticExperiment equal = new SyntheticExperiment(3, List.of(1L))
                .arm("sft", new ArmSpec.Sft(TrainingSpec.EMPTY), new Truth(0.3, 1.2, 1.25, 1.2, 0, 0));
        equal.silence("baseline", 1);
        equal.silence("sft", 1);

        Report report = build(equal.spec(), equal.inputs());

        assertThat(report.arms())
                .allSatisfy(arm -> assertThat(arm.probes())
                        .filteredOn(probes -> probes.set() == TextSet.OWN)
                        .isNotEmpty()
                        .allSatisfy(probes -> assertThat(probes.auroc()).isNull()));
        assertThat(Objects.requireNonNull(report.arm("sft").orElseThrow().verdict())
                        .outcome())
                .isEqualTo(Outcome.INCONCLUSIVE);
        assertThat(report.warnings()).extracting(Warning::code).contains(Warning.Code.UNDEFINED_AUC);
    }

    @Test
    void curveWithAGapSaysSo() {
        SyntheticExperiment gap = new SyntheticExperiment(3, List.of(1L))
                .arm("sft", new ArmSpec.Sft(TrainingSpec.EMPTY), new Truth(0.3, 1.2, 1.25, 1.2, 0, 0));
        RunResult run = gap.run("sft", 1);
        SortedMap<Integer, Evaluation> points = new TreeMap<>(run.points());
        points.remove(3);
        gap.replace("sft", 1, new RunResult(run.evaluation(), run.details(), points, run.training()));

        Report report = build(gap.spec(), gap.inputs());

        assertThat(report.warnings())
                .extracting(Warning::message)
                .contains("an evaluation during the training of seed 1 failed; its curve lacks the point.");
        assertThat(report.arm("sft").orElseThrow().curves().getFirst().points())
                .extracting(Curve.CurvePoint::point)
                .containsExactly(0, 1, 2, 4, 5, 6);
    }

    @Test
    void repeatedSeedIsNoSecondMeasurement() {
        SyntheticExperiment twice = new SyntheticExperiment(3, List.of(1L, 2L))
                .arm("sft", new ArmSpec.Sft(TrainingSpec.EMPTY), new Truth(0.6, 1.2, 1.25, 1.2, 0, 0));
        twice.replace("sft", 2, twice.run("sft", 1));

        assertThat(build(twice.spec(), twice.inputs()).warnings())
                .extracting(Warning::code)
                .contains(Warning.Code.IDENTICAL_SEEDS);
    }

    /** With few resamples: what they are good for is tested elsewhere. */
    private static Report build(TaskSpec.Report spec, ReportInputs inputs) {
        return ReportBuilder.build(spec, inputs, 10);
    }

    private static ArmReport arm(String name) {
        return REPORT.arm(name).orElseThrow();
    }

    private static ProbeResult result(ArmReport arm, ProbeGroup group, TextSet set) {
        return arm.probes().stream()
                .filter(probes ->
                        probes.group() == group && probes.set() == set && probes.transfer() == Transfer.FROZEN)
                .findFirst()
                .orElseThrow();
    }
}
