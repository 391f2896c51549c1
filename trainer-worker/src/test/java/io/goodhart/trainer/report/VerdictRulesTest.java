package io.goodhart.trainer.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.goodhart.domain.report.Comparison;
import io.goodhart.domain.report.Evaluation.TextSet;
import io.goodhart.domain.report.Evaluation.Transfer;
import io.goodhart.domain.report.ProbeGroup;
import io.goodhart.domain.report.ProbeResult;
import io.goodhart.domain.report.Verdict;
import io.goodhart.domain.report.Verdict.Outcome;
import io.goodhart.domain.report.Verdict.State;
import io.goodhart.domain.statistics.SeedMean;
import io.goodhart.domain.statistics.StudentT;
import io.goodhart.trainer.report.ProbeSection.Reading;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerdictRulesTest {
    private static final VerdictRules RULES = new VerdictRules(StandardRules.RULES);

    /** Differences with half-widths; a p of 0.001 wherever the interval excludes 0. */
    @ParameterizedTest(name = "train {0}, held-out {1}, retrained {2}: {3}")
    @CsvSource({
        "-0.01, -0.02, -0.10, PRESERVED", // a weak refit takes nothing from probes that work
        "-0.15, -0.01, -0.10, RECOVERABLE", // probes that training never saw work
        "-0.15, -0.12, -0.01, RECOVERABLE", // refitted ones work
        "-0.15, -0.12, -0.11, LOST",
        "-0.15, -0.12, -0.04, INCONCLUSIVE", // refitting may or may not
        "-0.04, -0.01, -0.01, INCONCLUSIVE",
        "-0.01, -0.04, -0.11, INCONCLUSIVE", // no frozen group failed
        " 0.08,  0.06,  0.01, PRESERVED"
    })
    void outcomeFollowsTheStates(double train, double heldOut, double retrained, Outcome expected) {
        assertThat(judge(train, heldOut, retrained, List.of()).outcome()).isEqualTo(expected);
    }

    @Test
    void refitWithinTheMarginCountsWhenItBeatsTheFailedProbes() {
        VerdictRules.Gain gain = new VerdictRules.Gain(
                ProbeGroup.REFITTED, ProbeGroup.TRAIN, new SeedMean(0.1, 0.0001, 0, 0, 200, 2, 150));

        assertThat(judge(-0.15, -0.12, -0.04, List.of(gain)).outcome()).isEqualTo(Outcome.RECOVERABLE);
        assertThat(judge(-0.15, -0.12, -0.11, List.of(gain)).outcome()).isEqualTo(Outcome.LOST);
    }

    @Test
    void lossIsFinalOnlyIfBothRefitsFail() {
        List<Reading> readings =
                List.of(reading(ProbeGroup.TRAIN, -0.2, 0.02, null), reading(ProbeGroup.RETRAINED, -0.2, 0.02, null));
        List<Reading> kept = new ArrayList<>(readings);
        kept.add(reading(ProbeGroup.REFITTED, -0.01, 0.02, null));

        assertThat(outcome(readings)).isEqualTo(Outcome.INCONCLUSIVE);
        assertThat(outcome(kept)).isEqualTo(Outcome.RECOVERABLE);
    }

    private static Outcome outcome(List<Reading> readings) {
        return RULES.judge(new VerdictRules.Evidence(300, readings, List.of(), List.of(), null, List.of()))
                .outcome();
    }

    @Test
    void significantLossWithinTheMarginIsKept() {
        Verdict verdict = judge(-0.02, -0.02, -0.02, List.of());

        assertThat(verdict.states()).containsEntry(ProbeGroup.TRAIN, State.KEPT);
    }

    @Test
    void largeLossWithoutSignificanceIsUnclear() {
        Reading reading = reading(ProbeGroup.HELD_OUT, -0.15, 0.2, 0.14);
        VerdictRules.Evidence evidence =
                new VerdictRules.Evidence(300, List.of(reading), List.of(), List.of(), null, List.of());

        Verdict verdict = RULES.judge(evidence);

        assertThat(verdict.outcome()).isEqualTo(Outcome.INCONCLUSIVE);
        assertThat(verdict.needed()).contains("evaluation prompts (now 300)");
    }

    @Test
    void lossThatIsNotSignificantNeedsAnIntervalThatLeavesZero() {
        Reading reading = reading(ProbeGroup.HELD_OUT, -0.06, 0.08, 0.14);

        String needed = RULES.judge(
                        new VerdictRules.Evidence(300, List.of(reading), List.of(), List.of(), null, List.of()))
                .needed();

        double t = StudentT.critical(0.95, 119) + StudentT.critical(0.6, 119); // seeds add nothing here
        assertThat(needed)
                .contains("about %d evaluation".formatted((int) Math.ceil(300 * t * t * 0.04 * 0.04 / 0.0036)))
                .contains("80 % power");
    }

    @Test
    void fewTextsOfAClassDecideNothing() {
        Comparison narrow = new Comparison("baseline", 0, 0.0, 0.0, 1.0, 1.0, null, "");
        for (int positives : new int[] {19, 282}) {
            ProbeResult few = new ProbeResult(
                    ProbeGroup.TRAIN,
                    TextSet.FIXED,
                    Transfer.FROZEN,
                    2,
                    300,
                    positives,
                    null,
                    null,
                    null,
                    0.7,
                    0.4,
                    narrow,
                    null,
                    null,
                    null);
            Verdict verdict = RULES.judge(new VerdictRules.Evidence(
                    300, List.of(new Reading(few, Optional.empty())), List.of(), List.of(), null, List.of()));

            assertThat(verdict.states()).containsEntry(ProbeGroup.TRAIN, State.UNCLEAR);
            assertThat(verdict.needed()).contains("20 fixed texts of each class");
        }
    }

    @Test
    void lossIsTestedAfterCorrection() {
        Comparison corrected = new Comparison("baseline", -0.15, -0.28, -0.02, 0.02, 0.14, null, "");
        Reading reading = new Reading(result(ProbeGroup.TRAIN, corrected), Optional.empty());

        Verdict verdict =
                RULES.judge(new VerdictRules.Evidence(300, List.of(reading), List.of(), List.of(), null, List.of()));

        assertThat(verdict.states()).containsEntry(ProbeGroup.TRAIN, State.UNCLEAR);
    }

    @Test
    void lostThresholdIsSaidWhateverTheOutcome() {
        for (double held : new double[] {-0.01, -0.12}) {
            List<Reading> readings = List.of(
                    reading(ProbeGroup.TRAIN, held, 0.02, null), reading(ProbeGroup.HELD_OUT, held, 0.02, null));
            List<Reading> before = List.of(withAccuracy(readings.getFirst(), 0.81));
            Verdict verdict = RULES.judge(new VerdictRules.Evidence(300, readings, before, List.of(), null, List.of()));

            assertThat(verdict.threshold()).isEqualTo(new Verdict.ThresholdLoss(ProbeGroup.TRAIN, 0.81, 0.7));
            assertThat(verdict.reasons())
                    .anySatisfy(reason -> assertThat(reason).contains("0.81 → 0.70 (train)"));
        }
    }

    @Test
    void accuracyWithinTheLimitAsksForNoThreshold() {
        List<Reading> readings = List.of(reading(ProbeGroup.TRAIN, -0.01, 0.02, null));
        List<Reading> before = List.of(withAccuracy(readings.getFirst(), 0.79));

        assertThat(RULES.judge(new VerdictRules.Evidence(300, readings, before, List.of(), null, List.of()))
                        .threshold())
                .isNull();
    }

    private static Reading withAccuracy(Reading reading, double accuracy) {
        ProbeResult r = reading.result();
        return reading.with(new ProbeResult(
                r.group(),
                r.set(),
                r.transfer(),
                r.probes(),
                r.texts(),
                r.positives(),
                r.auroc(),
                r.averagePrecision(),
                r.tprAtFpr1Pct(),
                accuracy,
                r.meanProbability(),
                r.againstBaseline(),
                r.againstControl(),
                r.resampled(),
                r.calibration()));
    }

    @Test
    void failedProbesWithoutRefitAskForOne() {
        VerdictRules.Evidence evidence = new VerdictRules.Evidence(
                300, List.of(reading(ProbeGroup.TRAIN, -0.2, 0.03, 0.001)), List.of(), List.of(), null, List.of());

        assertThat(RULES.judge(evidence).needed()).contains("probes.retrained");
    }

    private static Verdict judge(double train, double heldOut, double retrained, List<VerdictRules.Gain> gains) {
        List<Reading> readings = new ArrayList<>();
        readings.add(reading(ProbeGroup.TRAIN, train, 0.02, null));
        readings.add(reading(ProbeGroup.HELD_OUT, heldOut, 0.02, null));
        readings.add(reading(ProbeGroup.RETRAINED, retrained, 0.02, null));
        readings.add(reading(ProbeGroup.REFITTED, retrained, 0.02, null));
        return RULES.judge(new VerdictRules.Evidence(300, readings, List.of(), gains, null, List.of()));
    }

    private static Reading reading(ProbeGroup group, double difference, double half, @Nullable Double p) {
        double tested = p != null ? p : Math.abs(difference) > half ? 0.001 : 0.4;
        Comparison comparison =
                new Comparison("baseline", difference, difference - half, difference + half, tested, tested, null, "");
        SeedMean mean = new SeedMean(difference, half * half / 4, 0, 0, 100, 2, 120);
        return new Reading(result(group, comparison), Optional.of(mean));
    }

    private static ProbeResult result(ProbeGroup group, Comparison comparison) {
        return new ProbeResult(
                group,
                TextSet.FIXED,
                Transfer.FROZEN,
                2,
                300,
                120,
                null,
                null,
                null,
                0.7,
                0.4,
                comparison,
                null,
                null,
                null);
    }
}
