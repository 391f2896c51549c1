package io.goodhart.api.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.goodhart.api.report.Pairing.Paired;
import io.goodhart.api.report.Pairing.Unpaired;
import io.goodhart.domain.report.ArmReport;
import io.goodhart.domain.report.Evaluation.TextSet;
import io.goodhart.domain.report.ProbeResult;
import io.goodhart.domain.statistics.Interval;
import io.goodhart.domain.statistics.PairedOutcomes;
import io.goodhart.domain.statistics.SeedMean;
import io.goodhart.domain.statistics.SeedStatistic;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PairedRunsTest {
    private static final double CLOSED_FORM = 1e-12;
    private static final double[] LABELS = {1, 0, 1, 0, 0, 1, 0, 1};
    private static final double[] OF_A = {0.9, 0.1, 0.4, 0.45, 0.3, 0.8, 0.7, 0.2};
    private static final double[] OF_B = {0.6, 0.5, 0.55, 0.1, 0.2, 0.9, 0.65, 0.35};

    /** Of B minus A, by the definition with numpy 2.4.6: see {@link #aucsOnTheSameTextsAreComparedByDeLong}. */
    private static final double DIFFERENCE = 0.0625;

    private static final double VARIANCE = 0.049479166666666664;

    /** As within a report: one of five prompts changes from no to yes, and two from yes to no. */
    @Test
    void ratesOfOneSeedHaveMcNemarsTestAndNewcombesInterval() {
        PairedRuns runs = oneSeed(
                TwoArms.measured("file", "texts", Map.of("own.score", new double[] {1, 1, 0.9, 0, 0.4})),
                TwoArms.measured("file", "texts", Map.of("own.score", new double[] {1, 0.4, 0.2, 0, 0.7})));
        PairedOutcomes outcomes = new PairedOutcomes(1, 1, 2, 1); // of B, then of A

        Paired actual = paired(runs.rate());

        assertThat(actual.difference().mean()).isCloseTo(-0.2, within(CLOSED_FORM));
        assertThat(actual.p().orElseThrow()).isEqualTo(outcomes.mcNemarP());
        assertThat(actual.interval(0.95).orElseThrow())
                .isEqualTo(outcomes.difference(0.95).orElseThrow().interval());
        assertThat(actual.how()).isEqualTo("by prompt, 1 seed, exact McNemar test and Newcombe's interval");
    }

    @Test
    void ratesOfTwoSeedsAreTestedOverPromptsAndSeeds() {
        Measured a = TwoArms.measured("file", "texts", Map.of("own.score", new double[] {1, 1, 0.9, 0, 0.4, 1}));
        Measured b = TwoArms.measured("file", "texts", Map.of("own.score", new double[] {1, 0.4, 0.2, 0, 0.7, 0}));
        PairedRuns runs = PairedRuns.of(
                TwoArms.arm(1, 2),
                (arm, seed) -> Optional.of(a),
                TwoArms.arm(1, 2),
                (arm, seed) -> Optional.of(seed == 1 ? b : a));
        SeedMean expected = SeedMean.of(
                List.of(SeedStatistic.ofMean(new double[] {0, -1, -1, 0, 1, -1}), SeedStatistic.ofMean(new double[6])));

        Paired actual = paired(runs.rate());

        assertThat(actual.difference()).isEqualTo(expected);
        assertThat(actual.p()).isEqualTo(expected.p());
        assertThat(actual.interval(0.95)).isEqualTo(expected.interval(0.95).map(i -> i.clippedTo(-1, 1)));
        assertThat(actual.how()).isEqualTo("by prompt, 2 seeds");
    }

    /**
     * DeLong's definition with numpy: {@code v10 = [mean((x > neg) + (x == neg)/2) for x in pos]}, v01 likewise from the negatives,
     * {@code var = cov(v10b - v10a, ddof=1)/n1 + cov(v01b - v01a, ddof=1)/n0}.
     */
    @Test
    void aucsOnTheSameTextsAreComparedByDeLong() {
        Paired actual = paired(oneSeed(fixed(OF_A), fixed(OF_B)).auroc(heldOut(TextSet.FIXED), heldOut(TextSet.FIXED)));

        assertThat(actual.difference().mean()).isCloseTo(DIFFERENCE, within(CLOSED_FORM));
        assertThat(actual.difference().variance()).isCloseTo(VARIANCE, within(CLOSED_FORM));
    }

    @Test
    void oneProbeOfASideAndTwoOfTheOtherAreEachSidesMean() {
        Measured a = TwoArms.measured(
                "file",
                "texts",
                Map.of("fixed.score", LABELS, "probe.held_out.0.fixed", OF_A, "probe.held_out.1.fixed", OF_B));

        Paired actual = paired(
                oneSeed(a, fixed(OF_A)).auroc(TwoArms.heldOut(TextSet.FIXED, 2), TwoArms.heldOut(TextSet.FIXED, 1)));

        assertThat(actual.difference().mean()).isCloseTo(-DIFFERENCE / 2, within(CLOSED_FORM));
    }

    /** Of two held-out probes the first alone is a side's. */
    @Test
    void asManyProbesCountAsTheReportCounted() {
        Measured both = TwoArms.measured(
                "file",
                "texts",
                Map.of("fixed.score", LABELS, "probe.held_out.0.fixed", OF_A, "probe.held_out.1.fixed", OF_B));

        Paired actual =
                paired(oneSeed(both, both).auroc(TwoArms.heldOut(TextSet.FIXED, 1), TwoArms.heldOut(TextSet.FIXED, 2)));

        assertThat(actual.difference().mean()).isCloseTo(DIFFERENCE / 2, within(CLOSED_FORM));
    }

    /** The first text, a positive, is without a token in A: three positives are left, B orders 9 of 12 pairs and A 7. */
    @Test
    void textThatOneSideCannotReadCountsForNeither() {
        double[] unread = OF_A.clone();
        unread[0] = Double.NaN;

        Paired actual =
                paired(oneSeed(fixed(unread), fixed(OF_B)).auroc(heldOut(TextSet.FIXED), heldOut(TextSet.FIXED)));

        assertThat(actual.difference().mean()).isCloseTo((9.0 - 7) / 12, within(CLOSED_FORM));
        assertThat(actual.difference().units()).isEqualTo(3);
    }

    /** On own responses the labels are the models' own: 11 of 16 pairs are in order in A, and 13 of 15 in B. */
    @Test
    void aucsOnOwnResponsesToTheSamePromptsAreBMinusA() {
        Measured a = own(LABELS, OF_A);
        Measured b = own(new double[] {1, 0, 1, 0, 0, 1, 0, 0}, OF_B);

        Paired actual = paired(oneSeed(a, b).auroc(heldOut(TextSet.OWN), heldOut(TextSet.OWN)));

        assertThat(actual.difference().mean()).isCloseTo(13.0 / 15 - 11.0 / 16, within(CLOSED_FORM));
        assertThat(actual.how()).isEqualTo("by prompt, 1 seed");
    }

    @Test
    void everySeedIsPairedWithItself() {
        Measured one = TwoArms.measured("file", "texts", Map.of("own.score", new double[] {1, 1, 0, 0}));
        Measured other = TwoArms.measured("file", "texts", Map.of("own.score", new double[] {0, 1, 1, 1}));
        Measurements bySeed = (arm, seed) -> Optional.of(seed == 1 ? one : other);

        Paired same = paired(PairedRuns.of(TwoArms.arm(1, 2), bySeed, TwoArms.arm(1, 2), bySeed)
                .rate());

        assertThat(same.difference().mean()).isZero();
        assertThat(same.difference().seedSquare()).isZero();
    }

    @Test
    void seedThatLacksANumberOrReadOtherPromptsLeavesNothingPaired() {
        Measured whole = own(LABELS, OF_A);
        Measured oneClass = own(new double[8], OF_A);
        Measured elsewhere =
                TwoArms.measured("another", "texts", Map.of("own.score", LABELS, "probe.held_out.0.own", OF_A));

        assertThat(why(twoSeeds(whole, oneClass).auroc(heldOut(TextSet.OWN), heldOut(TextSet.OWN))))
                .startsWith("other labels");
        assertThat(why(twoSeeds(whole, elsewhere).rate())).isEqualTo("other prompts");
    }

    @Test
    void templateAroundThePromptsMakesThemNoOthers() {
        Measured scored = TwoArms.measured("file", "texts", Map.of("own.score", LABELS));

        assertThat(oneSeed(scored, TwoArms.templated(scored)).rate()).isInstanceOf(Paired.class);
    }

    @Test
    void trainedArmsOfOneOtherSeedEachAreNotPaired() {
        Measured scored = TwoArms.measured("file", "texts", Map.of("own.score", LABELS));

        assertThat(why(runs(TwoArms.arm(1), scored, TwoArms.arm(ArmReport.Kind.BASELINE, 2), scored)
                        .rate()))
                .isEqualTo("other seeds");
        assertThat(why(runs(
                                TwoArms.arm(ArmReport.Kind.BASELINE, 1, 2),
                                scored,
                                TwoArms.arm(ArmReport.Kind.BASELINE, 3, 4),
                                scored)
                        .rate()))
                .isEqualTo("other seeds");
    }

    @Test
    void perplexitiesAreComparedTextByText() {
        Measured a = corpus(30, 42, 55);
        Measured b = corpus(31, 41, 58);
        double expected = Math.exp(130 / 30.0) - Math.exp(127 / 30.0);

        Paired actual = paired(oneSeed(a, b).perplexity("wiki"));

        assertThat(actual.difference().mean()).isCloseTo(expected, within(1e-9));
        Interval interval = actual.difference().interval(0.95).orElseThrow();
        assertThat(interval.contains(expected)).isTrue();
        assertThat(paired(oneSeed(a, a).perplexity("wiki")).difference().p()).hasValue(1);
    }

    @Test
    void otherPromptsTextsSeedsAndLabelsAreNotPaired() {
        Measured scored = TwoArms.measured("file", "texts", Map.of("own.score", LABELS));
        Measured elsewhere = TwoArms.measured("another", "texts", Map.of("own.score", LABELS));
        Measured otherTexts =
                TwoArms.measured("file", "other", Map.of("fixed.score", LABELS, "probe.held_out.0.fixed", OF_A));
        Measured otherLabels =
                TwoArms.measured("file", "texts", Map.of("fixed.score", OF_B, "probe.held_out.0.fixed", OF_A));

        assertThat(why(oneSeed(scored, elsewhere).rate())).isEqualTo("other prompts");
        assertThat(why(oneSeed(scored, elsewhere).perplexity("wiki"))).isEqualTo("other texts of the corpus");
        assertThat(why(oneSeed(scored, elsewhere).auroc(heldOut(TextSet.LABELLED), heldOut(TextSet.LABELLED))))
                .isEqualTo("other labelled texts");
        assertThat(why(oneSeed(fixed(OF_A), otherTexts).auroc(heldOut(TextSet.FIXED), heldOut(TextSet.FIXED))))
                .isEqualTo("other fixed texts");
        assertThat(why(oneSeed(fixed(OF_A), otherLabels).auroc(heldOut(TextSet.FIXED), heldOut(TextSet.FIXED))))
                .startsWith("other labels");
        assertThat(why(runs(TwoArms.arm(1, 2), scored, TwoArms.arm(1, 3), scored)
                        .rate()))
                .isEqualTo("other seeds");
    }

    @Test
    void runsWhoseNumbersAreGoneAreNotPaired() {
        PairedRuns runs = PairedRuns.of(TwoArms.arm(1), Measurements.NONE, TwoArms.arm(1), Measurements.NONE);

        assertThat(why(runs.rate())).isEqualTo("the numbers per text are not kept");
    }

    @Test
    void theUntrainedModelsOnlyRunStandsForEverySeedAndItsOwnTextsAreTheFixedOnes() {
        Map<String, double[]> arrays = Map.of("own.score", LABELS, "probe.held_out.0.own", OF_A);
        Measured base = TwoArms.measured("file", "texts", arrays);
        ArmReport a = TwoArms.arm(ArmReport.Kind.BASELINE, 1);
        ArmReport b = TwoArms.arm(ArmReport.Kind.BASELINE, 7);

        Paired actual = paired(runs(a, base, b, base).auroc(heldOut(TextSet.FIXED), heldOut(TextSet.FIXED)));

        assertThat(actual.difference().mean()).isZero();
        assertThat(actual.isMeasured()).isTrue();
    }

    private static ProbeResult heldOut(TextSet set) {
        return TwoArms.heldOut(set, 1);
    }

    private static Measured fixed(double[] probabilities) {
        return TwoArms.measured(
                "file", "texts", Map.of("fixed.score", LABELS, "probe.held_out.0.fixed", probabilities));
    }

    private static Measured own(double[] scores, double[] probabilities) {
        return TwoArms.measured("file", "texts", Map.of("own.score", scores, "probe.held_out.0.own", probabilities));
    }

    /** The second seed of B is {@code other}, all else is {@code one}. */
    private static PairedRuns twoSeeds(Measured one, Measured other) {
        return PairedRuns.of(
                TwoArms.arm(1, 2),
                (arm, seed) -> Optional.of(one),
                TwoArms.arm(1, 2),
                (arm, seed) -> Optional.of(seed == 1 ? one : other));
    }

    private static Measured corpus(double... nll) {
        return TwoArms.measured(
                "file", "texts", Map.of("corpus.wiki.nll", nll, "corpus.wiki.tokens", new double[] {7, 10, 13}));
    }

    private static PairedRuns oneSeed(Measured a, Measured b) {
        return runs(TwoArms.arm(1), a, TwoArms.arm(1), b);
    }

    private static PairedRuns runs(ArmReport a, Measured ofA, ArmReport b, Measured ofB) {
        return PairedRuns.of(a, (arm, seed) -> Optional.of(ofA), b, (arm, seed) -> Optional.of(ofB));
    }

    private static Paired paired(Pairing pairing) {
        assertThat(pairing).isInstanceOf(Paired.class);
        return (Paired) pairing;
    }

    private static String why(Pairing pairing) {
        assertThat(pairing).isInstanceOf(Unpaired.class);
        return ((Unpaired) pairing).why();
    }
}
