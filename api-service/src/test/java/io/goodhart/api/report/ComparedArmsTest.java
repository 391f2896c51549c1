package io.goodhart.api.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.goodhart.api.fake.SampleSpecs;
import io.goodhart.api.report.ComparedArms.Side;
import io.goodhart.api.report.ReportComparison.ArmPair;
import io.goodhart.api.report.ReportComparison.Basis;
import io.goodhart.api.report.ReportComparison.Difference;
import io.goodhart.api.report.ReportComparison.Match;
import io.goodhart.db.codec.GoodhartJson;
import io.goodhart.domain.report.Report;
import io.goodhart.domain.spec.ExperimentSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;

class ComparedArmsTest {
    private static final ExperimentSpec SPEC = GoodhartJson.read(ExperimentSpec.class, SampleSpecs.valid());

    /** As if every run of both reports had read one set of texts, and had the same numbers. */
    private static final Measurements SAME = (arm, seed) -> Optional.of(TwoArms.measured(
            "file",
            "texts",
            Map.of(
                    "own.score", new double[] {1, 0, 1, 0},
                    "fixed.score", new double[] {1, 0, 1, 0},
                    "probe.held_out.0.fixed", new double[] {0.9, 0.4, 0.3, 0.2},
                    "probe.held_out.0.own", new double[] {0.9, 0.4, 0.3, 0.2})));

    @Test
    void whatBothReadIsPairedAndTheRestIsNotAndSaysWhy() {
        List<ArmPair> pairs = compared(SAME, SAME);

        assertThat(pairs).hasSameSizeAs(Samples.report().arms());
        assertThat(pairs).extracting(ArmPair::match).containsOnly(Match.NAME);
        assertThat(pairs)
                .flatExtracting(ArmPair::differences)
                .allSatisfy(difference -> assertThat(difference.a()).isEqualTo(difference.b()));
        assertThat(pairs).allSatisfy(pair -> {
            assertThat(of(pair, "rate").basis()).isEqualTo(Basis.PAIRED);
            assertThat(of(pair, "AUC held-out, fixed texts").basis()).isEqualTo(Basis.PAIRED);
            assertThat(of(pair, "AUC held-out, fixed texts").difference()).isZero();
            assertThat(of(pair, "AUC held-out, fixed texts").p()).isEqualTo(1);
            assertThat(of(pair, "AUC train, fixed texts").basis()).isEqualTo(Basis.INDEPENDENT);
        });
    }

    @Test
    void untrainedModelIsNoTestAmongTheArms() {
        List<ArmPair> pairs = compared(SAME, SAME);

        assertThat(of(pairs.getFirst(), "rate").adjustedP()).isNull();
        assertThat(of(pairs.get(1), "rate").adjustedP()).isEqualTo(1);
    }

    @Test
    void withoutTheNumbersPerTextNothingIsPaired() {
        assertThat(compared(SAME, Measurements.NONE))
                .flatExtracting(ArmPair::differences)
                .extracting(Difference::basis, Difference::how)
                .containsOnly(tuple(Basis.INDEPENDENT, "the numbers per text are not kept"));
    }

    @Test
    void armsOfOtherNamesAreMatchedByEqualSpecificationOnce() {
        Report both = Samples.report();
        String second = both.arms().get(1).name();
        String third = both.arms().get(2).name();
        Report other = Samples.of(Samples.named("other", "renamed").arms().subList(0, 2));
        String none = "{\"method\": \"none\"}";
        String dpo = "{\"method\": \"dpo\", \"label_by\": \"scorer\"}";

        assertThat(matched(both, arms(second, dpo, third, dpo), other, arms("renamed", dpo)))
                .containsExactly(
                        tuple("baseline", "baseline", Match.NAME), tuple(second, "renamed", Match.SPECIFICATION));
        Report thirdAlone = Samples.of(List.of(both.arms().get(0), both.arms().get(2)));
        assertThat(matched(both, arms(second, dpo, third, none), thirdAlone, arms(third, dpo)))
                .as("an arm that the first has by name is its partner, whatever it is")
                .containsExactly(tuple("baseline", "baseline", Match.NAME), tuple(third, third, Match.NAME));
        assertThat(matched(both, arms(second, none), other, arms("renamed", dpo)))
                .containsExactly(tuple("baseline", "baseline", Match.NAME));
    }

    /** The second arm's seeds are far apart, and the third's are not. */
    @Test
    void armWhoseSignalIsDrawnInOneReportAloneLendsNoSpread() {
        Report report = Samples.report();
        String second = report.arms().get(1).name();
        String third = report.arms().get(2).name();
        String dpo = "{\"method\": \"dpo\", \"label_by\": \"scorer\"}";
        String drawn = "{\"method\": \"dpo\", \"label_by\": \"random\"}";
        Measurements b = (arm, seed) -> lowered(arm.equals(second) ? (seed == 1 ? 30 : 0) : (seed == 1 ? 6 : 8));

        Difference alone = rate(third, arms(third, dpo), arms(third, dpo), b);

        assertThat(rate(third, arms(second, dpo, third, dpo), arms(second, drawn, third, dpo), b))
                .isEqualTo(alone);
        assertThat(rate(third, arms(second, drawn, third, dpo), arms(second, dpo, third, dpo), b))
                .isEqualTo(alone);
        assertThat(rate(third, arms(second, dpo, third, dpo), arms(second, dpo, third, dpo), b)
                        .lower())
                .isNotEqualTo(alone.lower());
    }

    private static Difference rate(String arm, ExperimentSpec ofA, ExperimentSpec ofB, Measurements b) {
        Report report = Samples.report();
        Measurements a = (name, seed) -> lowered(0);
        return new ComparedArms(new Side(report, ofA, a), new Side(report, ofB, b))
                .pairs().stream()
                        .filter(pair -> pair.a().equals(arm))
                        .map(pair -> of(pair, "rate"))
                        .map(difference -> difference.adjusted(1)) // by the arms that are there
                        .findFirst()
                        .orElseThrow();
    }

    /** Sixty prompts, half of which show the behaviour less so many. */
    private static Optional<Measured> lowered(int by) {
        double[] own = new double[60];
        Arrays.fill(own, by, 30, 1);
        return Optional.of(TwoArms.measured("file", "texts", Map.of("own.score", own)));
    }

    private static List<Tuple> matched(Report a, ExperimentSpec ofA, Report b, ExperimentSpec ofB) {
        return new ComparedArms(new Side(a, ofA, SAME), new Side(b, ofB, SAME))
                .pairs().stream()
                        .map(pair -> tuple(pair.a(), pair.b(), pair.match()))
                        .toList();
    }

    /** The sample with an untrained arm and the given ones, as names and specifications. */
    private static ExperimentSpec arms(String... namesAndArms) {
        StringBuilder arms = new StringBuilder("{\"baseline\": {\"method\": \"none\"}");
        for (int i = 0; i < namesAndArms.length; i += 2) {
            arms.append(", \"%s\": %s".formatted(namesAndArms[i], namesAndArms[i + 1]));
        }
        return GoodhartJson.read(ExperimentSpec.class, SampleSpecs.with("/arms", arms + "}"));
    }

    @Test
    void pageSaysOfEveryRowHowItWasCompared() {
        ReportComparison comparison = new ReportComparison(
                new ReportComparison.Side(new UUID(0, 1), "first"),
                new ReportComparison.Side(new UUID(0, 2), "second"),
                0.95,
                List.of(),
                List.of(),
                compared(SAME, SAME),
                List.of(),
                List.of());

        assertThat(ComparisonPage.markdown(comparison))
                .contains("paired by prompt, 3 seeds", "independent: other labels, or a class is missing");
        assertThat(ComparisonPage.html(comparison)).contains("B minus A with 95 % intervals");
    }

    private static List<ArmPair> compared(Measurements a, Measurements b) {
        Report report = Samples.report();
        return new ComparedArms(new Side(report, SPEC, a), new Side(report, SPEC, b)).pairs();
    }

    private static Difference of(ArmPair pair, String quantity) {
        return pair.differences().stream()
                .filter(difference -> difference.quantity().equals(quantity))
                .findFirst()
                .orElseThrow();
    }
}
