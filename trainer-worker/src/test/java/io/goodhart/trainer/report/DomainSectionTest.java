package io.goodhart.trainer.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.goodhart.domain.plan.TaskSpec;
import io.goodhart.domain.report.ArmReport;
import io.goodhart.domain.report.DomainShift;
import io.goodhart.domain.report.Estimate;
import io.goodhart.domain.report.Evaluation;
import io.goodhart.domain.report.Evaluation.TextSet;
import io.goodhart.domain.report.Evaluation.Transfer;
import io.goodhart.domain.report.ProbeGroup;
import io.goodhart.domain.report.ProbeResult;
import io.goodhart.domain.report.Report;
import io.goodhart.domain.report.RunDetails;
import io.goodhart.domain.spec.ArmSpec;
import io.goodhart.domain.statistics.Interval;
import io.goodhart.trainer.report.ReportArms.Arm;
import io.goodhart.trainer.report.ReportArms.Run;
import io.goodhart.trainer.report.ReportInputs.RunResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DomainSectionTest {
    private static final double CLOSED_FORM = 1e-12;

    /** The reference's t quantiles are good to so much. */
    private static final double REFERENCE = 1e-9;

    private static final double HALF = 0.5;
    private static final double[] FIXED = {1, 0, 1, 0, 0, 1, 0, 1, 0};
    private static final double[] LABELLED = {0, 1, 1, 0, 1, 0, 0, 1};
    private static final RunDetails BASE =
            details(new double[] {.9, .2, .7, .4, .1, .6, .3, .8, .65}, new double[] {.3, .8, .5, .4, .55, .2, .6, .9});
    private static final RunDetails ONE = details(
            new double[] {.8, .3, .6, .5, .2, .7, .4, .75, .1}, new double[] {.6, .5, .7, .3, .2, .4, .45, .65});
    private static final RunDetails TWO = details(
            new double[] {.85, .25, .4, .55, .3, .9, .35, .5, .15}, new double[] {.6, .3, .25, .5, .4, .65, .35, .55});

    private static final SyntheticExperiment DEMONSTRATION = SyntheticExperiment.demonstration();

    /** 19 of 20 and 14 of 16 pairs are in order before training; 20 and 11, and 18 and 3, after it. */
    @Test
    void shiftIsOutOfDomainMinusInDomainAndTrainingsPartIsThatLessTheUntrainedModels() {
        DomainShift base = shift(TextSet.FIXED, baseline(BASE), Optional.empty());
        DomainShift trained = shift(TextSet.FIXED, trained(ONE, TWO), Optional.of(baseline(BASE)));

        assertThat(base.inDomain().value()).isCloseTo(19 / 20.0, within(CLOSED_FORM));
        assertThat(base.outOfDomain().value()).isCloseTo(14 / 16.0, within(CLOSED_FORM));
        assertThat(base.difference().value()).isCloseTo(14 / 16.0 - 19 / 20.0, within(CLOSED_FORM));
        assertThat(base.byTraining()).isNull();
        assertThat(trained.difference().bySeed()).hasSize(2);
        assertThat(trained.difference().bySeed().getFirst()).isCloseTo(11 / 16.0 - 1, within(CLOSED_FORM));
        assertThat(trained.difference().bySeed().getLast()).isCloseTo(-0.7125, within(CLOSED_FORM));
        assertThat(required(trained.byTraining()).value()).isCloseTo(-0.4375, within(CLOSED_FORM));
    }

    /**
     * With scikit-learn 1.9.1 and numpy 2.4.6: {@code roc_auc_score} for each AUC; V₁₀ and V₀₁ of both sets by their definition, those in the
     * domain negated; the covariance of two seeds the sum of {@code cov(ddof=1)/n} over these four groups; mean, variance and ν by
     * the formulas of {@code SeedMean}, the interval by {@code scipy.stats.t}.
     */
    @Test
    void intervalsAreThoseOfTheReference() {
        assertInterval(
                shift(TextSet.FIXED, baseline(BASE), Optional.empty()).difference(),
                -0.19793924141490388,
                0.04793924141490376);
        DomainShift trained = shift(TextSet.FIXED, trained(ONE, TWO), Optional.of(baseline(BASE)));
        assertInterval(trained.difference(), -0.7091402951913949, -0.31585970480860504);
        assertInterval(required(trained.byTraining()), -0.6504341565150117, -0.2245658434849882);
    }

    @Test
    void whatIsOutOfTheDomainOfSomeProbesIsInThatOfOthers() {
        DomainShift there = shift(TextSet.FIXED, trained(ONE, TWO), Optional.of(baseline(BASE)));
        DomainShift back = shift(TextSet.LABELLED, trained(ONE, TWO), Optional.of(baseline(BASE)));

        assertThat(back.in()).isEqualTo(there.out());
        assertThat(back.inDomain()).isEqualTo(there.outOfDomain());
        assertMirrored(there.difference(), back.difference());
        assertMirrored(required(there.byTraining()), required(back.byTraining()));
    }

    @Test
    void whereNothingVariesTheIntervalIsThatOfTheTwoIntervalsAndNoPoint() {
        RunDetails perfect = details(FIXED, LABELLED);

        DomainShift shift = shift(TextSet.FIXED, trained(perfect), Optional.of(baseline(perfect)));

        Estimate in = shift.inDomain();
        Estimate out = shift.outOfDomain();
        Interval expected = Interval.ofDifference(1, limits(out), 1, limits(in));
        assertThat(shift.difference().value()).isZero();
        assertInterval(shift.difference(), expected.lower(), expected.upper());
        assertThat(expected.lower()).isLessThan(-0.05);
        assertThat(limits(required(shift.byTraining())).width()).isGreaterThan(expected.width());
    }

    @Test
    void classThatIsMissingInASeedLeavesTheShiftOut() {
        RunDetails inOneSet = details(FIXED, new double[9], new double[8], new double[8]);
        RunDetails inBoth = details(new double[9], new double[9], new double[8], new double[8]);

        assertThat(shifts(TextSet.FIXED, trained(ONE, inOneSet), Optional.of(baseline(BASE))))
                .isEmpty();
        assertThat(shifts(TextSet.FIXED, trained(ONE, inBoth), Optional.of(baseline(BASE))))
                .isEmpty();
    }

    /** At 95 % two seeds that differ so much allow every difference that there can be. */
    @Test
    void intervalEndsWhereADifferenceDoes() {
        DomainShift shift = shifts(0.95, TextSet.FIXED, trained(ONE, TWO), Optional.of(baseline(BASE)))
                .getFirst();

        assertInterval(shift.difference(), -1, 1);
    }

    @Test
    void everyGroupOfEveryArmIsThereAndAgreesWithTheTablesOfBothSets() {
        Report report = ReportBuilder.build(DEMONSTRATION.spec(), DEMONSTRATION.inputs(), 0);

        for (ArmReport arm : report.arms()) {
            List<DomainShift> shifts = Objects.requireNonNull(arm.domainShift());
            assertThat(shifts)
                    .extracting(DomainShift::group)
                    .contains(ProbeGroup.TRAIN, ProbeGroup.HELD_OUT, ProbeGroup.REFITTED)
                    .doesNotContain(ProbeGroup.RETRAINED, ProbeGroup.CONTROL);
            for (DomainShift shift : shifts) {
                ProbeResult in = result(arm, shift.group(), TextSet.FIXED);
                ProbeResult out = result(arm, shift.group(), TextSet.LABELLED);
                assertThat(shift.inDomain()).isEqualTo(in.auroc());
                assertThat(shift.outOfDomain()).isEqualTo(out.auroc());
                if (arm.kind() == ArmReport.Kind.BASELINE) {
                    assertThat(shift.byTraining()).isNull();
                } else {
                    assertThat(required(shift.byTraining()).value())
                            .isCloseTo(
                                    Objects.requireNonNull(out.againstBaseline())
                                                    .difference()
                                            - Objects.requireNonNull(in.againstBaseline())
                                                    .difference(),
                                    within(CLOSED_FORM));
                }
            }
        }
    }

    @Test
    void reportWithoutASecondSourceHasNone() {
        TaskSpec.Report spec = DEMONSTRATION.spec();
        TaskSpec.Report one = new TaskSpec.Report(
                spec.title(), spec.behaviour(), spec.threshold(), spec.arms(), spec.seeds(), null, null, null, null);

        assertThat(ReportBuilder.build(one, DEMONSTRATION.inputs(), 0).arms())
                .allSatisfy(arm -> assertThat(arm.domainShift()).isNull());
    }

    private static DomainShift shift(TextSet inDomain, Arm arm, Optional<Arm> baseline) {
        List<DomainShift> shifts = shifts(inDomain, arm, baseline);
        assertThat(shifts).extracting(DomainShift::group).containsExactly(ProbeGroup.HELD_OUT);
        return shifts.getFirst();
    }

    private static List<DomainShift> shifts(TextSet inDomain, Arm arm, Optional<Arm> baseline) {
        return shifts(HALF, inDomain, arm, baseline);
    }

    private static List<DomainShift> shifts(double level, TextSet inDomain, Arm arm, Optional<Arm> baseline) {
        ProbeSection probes = new ProbeSection(
                0.5, level, new Families(List.of(), List.of()), new Resampling(level, 0), (reading, own) -> own);
        return new DomainSection(probes, inDomain).of(arm, probes.of(arm, baseline, Optional.empty()), baseline);
    }

    private static Arm baseline(RunDetails details) {
        return arm("baseline", new ArmSpec.None(), details);
    }

    private static Arm trained(RunDetails... details) {
        return arm("trained", SyntheticExperiment.dpo(ArmSpec.LabelBy.SCORER, null), details);
    }

    private static Arm arm(String name, ArmSpec spec, RunDetails... details) {
        Evaluation nothing = new Evaluation(0, 0, 0, 0, 0, 0, List.of(), Map.of());
        List<Run> runs = new ArrayList<>();
        for (RunDetails of : details) {
            runs.add(new Run(runs.size(), new RunResult(nothing, of, new TreeMap<>(), Map.of()), of));
        }
        return new Arm(name, spec, runs);
    }

    private static RunDetails details(double[] fixed, double[] labelled) {
        return details(FIXED, fixed, labelled, LABELLED);
    }

    private static RunDetails details(double[] scores, double[] fixed, double[] labelled, double[] labels) {
        return RunDetails.of(Map.of(
                "fixed.score", scores,
                "labelled.label", labels,
                "probe.held_out.0.fixed", fixed,
                "probe.held_out.0.labelled", labelled));
    }

    private static ProbeResult result(ArmReport arm, ProbeGroup group, TextSet set) {
        return arm.probes().stream()
                .filter(probes ->
                        probes.group() == group && probes.set() == set && probes.transfer() == Transfer.FROZEN)
                .findFirst()
                .orElseThrow();
    }

    private static void assertInterval(Estimate estimate, double lower, double upper) {
        assertThat(limits(estimate).lower()).isCloseTo(lower, within(REFERENCE));
        assertThat(limits(estimate).upper()).isCloseTo(upper, within(REFERENCE));
    }

    private static void assertMirrored(Estimate there, Estimate back) {
        assertThat(back.value()).isCloseTo(-there.value(), within(CLOSED_FORM));
        assertInterval(back, -limits(there).upper(), -limits(there).lower());
    }

    private static Interval limits(Estimate estimate) {
        return new Interval(Objects.requireNonNull(estimate.lower()), Objects.requireNonNull(estimate.upper()));
    }

    private static Estimate required(@Nullable Estimate estimate) {
        return Objects.requireNonNull(estimate);
    }
}
