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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
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
        assertThat(pairs).allSatisfy(pair -> {
            assertThat(of(pair, "rate").basis()).isEqualTo(Basis.PAIRED);
            assertThat(of(pair, "AUC held-out, fixed texts").basis()).isEqualTo(Basis.PAIRED);
            assertThat(of(pair, "AUC held-out, fixed texts").difference()).isZero();
            assertThat(of(pair, "AUC held-out, fixed texts").p()).isEqualTo(1);
            assertThat(of(pair, "AUC train, fixed texts").basis()).isEqualTo(Basis.INDEPENDENT);
        });
    }

    @Test
    void withoutTheNumbersPerTextNothingIsPaired() {
        assertThat(compared(SAME, Measurements.NONE))
                .flatExtracting(ArmPair::differences)
                .extracting(Difference::basis, Difference::how)
                .containsOnly(tuple(Basis.INDEPENDENT, "the numbers per text are not kept"));
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
