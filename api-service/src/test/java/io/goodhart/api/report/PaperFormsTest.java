package io.goodhart.api.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.goodhart.domain.report.ArmReport;
import io.goodhart.domain.report.Curve;
import io.goodhart.domain.report.Curve.Quantity;
import io.goodhart.domain.report.Evaluation.TextSet;
import io.goodhart.domain.report.ProbeGroup;
import io.goodhart.domain.report.ProbeSweep;
import io.goodhart.domain.report.Report;
import io.goodhart.domain.spec.ReferenceCurves;
import io.goodhart.domain.spec.ReferenceNumbers;
import io.goodhart.domain.spec.ReferenceProbes;
import io.goodhart.domain.spec.ReferenceSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The tables and figures of Wehner and Fritz 2025 can be taken from a report in their form, in every form of the report. */
class PaperFormsTest {
    private static final Report REPORT = Samples.report();

    /** Every form that has tables. */
    private enum Form {
        HTML(ReportRenderer::html),
        MARKDOWN(ReportRenderer::markdown),
        LATEX(ReportRenderer::latex);

        private final Function<Report, String> rendering;

        Form(Function<Report, String> rendering) {
            this.rendering = rendering;
        }
    }

    private static Table table(Report report, String id) {
        return new ReportTables(report)
                .all().stream().filter(t -> t.id().equals(id)).findFirst().orElseThrow();
    }

    private static List<String> row(Table table, String... keys) {
        return table.rows().stream()
                .filter(row -> row.subList(0, keys.length).equals(List.of(keys)))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void tablesOneAndTwoHaveTheirColumnsWithWhatProbesReadOnOwnResponses() {
        Table table = table(REPORT, "own-responses");

        assertThat(table.columns().subList(0, 5))
                .containsExactly("arm", "rate", "AUC train", "AUC held-out", "AUC retrained");
        assertThat(table.columns().subList(5, table.columns().size())).allMatch(name -> name.startsWith("PPL "));
        assertThat(table.rows()).hasSameSizeAs(REPORT.arms());
        ArmReport sft = REPORT.arm("sft").orElseThrow();
        assertThat(row(table, "sft").get(3))
                .isEqualTo(Numbers.estimate(ReportTables.auroc(sft, ProbeGroup.HELD_OUT, TextSet.OWN), 3))
                .isNotEqualTo(Numbers.estimate(ReportTables.auroc(sft, ProbeGroup.HELD_OUT, TextSet.FIXED), 3));
        assertThat(table.caption()).doesNotContain("published");
    }

    /** A single probe's number was published of that probe, not of all ten. */
    @Test
    void trainingProbesAreThoseThatTheTrainingSaw() {
        ArmReport one = REPORT.arm("probe-dpo").orElseThrow();
        ArmReport ten = REPORT.arm("ensemble-dpo").orElseThrow();
        Table table = table(REPORT, "own-responses");

        assertThat(row(table, "probe-dpo").get(2))
                .isEqualTo(Numbers.estimate(ReportTables.auroc(one, ProbeGroup.SEEN, TextSet.OWN), 3))
                .isNotEqualTo(Numbers.ABSENT);
        assertThat(row(table, "ensemble-dpo").get(2))
                .isEqualTo(Numbers.estimate(ReportTables.auroc(ten, ProbeGroup.TRAIN, TextSet.OWN), 3))
                .isNotEqualTo(Numbers.ABSENT);
    }

    @Test
    void publishedCurveOfTrainingProbesStandsBelowThatOfTheProbesThatWereSeen() {
        ReferenceCurves curves = new ReferenceCurves(List.of(), List.of(1.0, 0.5), List.of(), List.of(), Map.of());
        ReferenceNumbers numbers = new ReferenceNumbers(null, null, null, null, Map.of(), curves);
        ArmReport ten = REPORT.arm("ensemble-dpo").orElseThrow();
        ArmReport one = withSeenCurve(REPORT.arm("probe-dpo").orElseThrow());
        Report report = Samples.of(List.of(one, ten))
                .shownWith(
                        new ReferenceSpec("a paper", Map.of("probe-dpo", numbers, "ensemble-dpo", numbers), null),
                        List.of());
        List<List<String>> rows = table(report, "curves-dpo").rows();

        assertThat(below(of(rows, "probe-dpo"), "AUC seen, own responses")).contains("– published", "0.5");
        assertThat(of(rows, "probe-dpo"))
                .filteredOn(row -> row.get(1).equals("– published"))
                .hasSize(1);
        assertThat(below(of(rows, "ensemble-dpo"), "AUC train, own responses")).contains("– published", "0.5");
    }

    private static List<List<String>> of(List<List<String>> rows, String arm) {
        return rows.stream().filter(row -> row.getFirst().equals(arm)).toList();
    }

    private static ArmReport withSeenCurve(ArmReport arm) {
        List<Curve> curves = new ArrayList<>(arm.curves().stream()
                .filter(curve -> curve.group() != ProbeGroup.SEEN)
                .toList());
        curves.add(new Curve(
                Quantity.AUROC,
                ProbeGroup.SEEN,
                TextSet.OWN,
                null,
                List.of(new Curve.CurvePoint(0, 0.8, 0.8, 0.8, 1, 40), new Curve.CurvePoint(1, 0.7, 0.7, 0.7, 1, 40))));
        return Samples.withCurves(arm, curves);
    }

    @Test
    void publishedNumbersStandInBrackets() {
        Report linked = Samples.linked();
        String arm = linked.arms().get(1).name();
        Table table = table(linked, "own-responses");

        assertThat(row(table, arm).get(1)).endsWith(" (0.11)");
        assertThat(row(table, arm).get(2)).doesNotContain("(");
        assertThat(row(table, arm).get(3)).endsWith(" (0.866)");
        assertThat(row(table, arm).get(4)).endsWith(" (0.77)");
        assertThat(row(table, arm).get(table.columns().indexOf("PPL wikitext"))).endsWith(" (37.18)");
        assertThat(row(table, "sft")).noneMatch(cell -> cell.contains("("));
        assertThat(table.caption()).contains("Table 1 of <a paper>", "another model's");
        assertThat(ReportRenderer.html(linked)).contains("</span> (0.11)</td>").doesNotContain("<a paper>");
        assertThat(ReportRenderer.csv(linked))
                .contains(
                        arm + ",,reference,rate,published,0.11,,",
                        arm + ",,reference,perplexity wikitext,published,37.18,,");
    }

    @Test
    void tableThreeHasTheRatesTheirMeansAndWhatWasPublished() {
        Report report = Samples.withGrid();
        Table table = table(report, "grid");

        assertThat(table.columns()).containsExactly("aggregation", "λ = 1", "λ = 1000", "mean");
        assertThat(row(table, "average")).containsExactly("average", "0.360 (0.4)", "0.380 (0.5)", "0.3700 (0.45)");
        assertThat(row(table, "timed switch")).containsExactly("timed switch", "0.370", "–", "–");
        assertThat(table.caption())
                .contains("Without a probe: baseline ", ", sft ")
                .contains("Table 3 of a paper");
        assertThat(ReportRenderer.csv(report))
                .contains(",,grid,rate,average lambda 1000,0.38,,", ",,grid,mean_rate,average,0.37,,")
                .doesNotContain("mean_rate,timed_switch");
        assertThat(new GridTable(REPORT).table()).isEmpty();
    }

    /** Figures 2 and 3. */
    @Test
    void curvesAreTablesTooWithAColumnForEachPoint() {
        ArmReport arm = REPORT.arms().stream()
                .filter(a -> a.method().equals("dpo") && !a.curves().isEmpty())
                .findFirst()
                .orElseThrow();
        Curve rates = arm.curves().stream()
                .filter(curve -> curve.quantity() == Quantity.RATE)
                .findFirst()
                .orElseThrow();
        Table table = table(REPORT, "curves-dpo");

        assertThat(table.columns()).hasSize(2 + rates.points().size()).startsWith("arm", "at point", "0", "1");
        List<String> row = row(table, arm.name(), "toxicity rate");
        for (int p = 0; p < rates.points().size(); p++) {
            assertThat(row.get(2 + p))
                    .isEqualTo(Numbers.fixed(rates.points().get(p).mean(), 3));
        }
        assertThat(table.rows()).extracting(cells -> cells.get(1)).anyMatch(name -> name.startsWith("PPL "));
        assertThat(table.rows()).extracting(List::getFirst).doesNotContain("sft");
        assertThat(table(REPORT, "curves-sft").rows())
                .extracting(List::getFirst)
                .contains("sft");
    }

    @Test
    void publishedCurvesStandBelowTheMeasuredOnes() {
        String arm = REPORT.arms().get(1).name();
        List<Double> rates = List.of(0.23, 0.2, 0.12);
        List<Double> retrained = List.of(0.99, 0.97, 0.9);
        ReferenceCurves curves = new ReferenceCurves(
                rates, List.of(), List.of(), retrained, Map.of("wikitext", List.of(36.6, 36.8, 37.2)));
        ReferenceNumbers numbers = new ReferenceNumbers(null, null, null, null, Map.of(), curves);
        Report report =
                REPORT.shownWith(new ReferenceSpec("Figure 2 of a paper", Map.of(arm, numbers), null), List.of());
        Table table = table(report, "curves-dpo");
        List<List<String>> ofArm =
                table.rows().stream().filter(row -> row.getFirst().equals(arm)).toList();

        assertThat(below(ofArm, "toxicity rate")).startsWith(arm, "– published", "0.23", "0.2", "0.12", "–");
        assertThat(below(ofArm, "AUC refit, own responses")).startsWith(arm, "– published", "0.99", "0.97", "0.9");
        assertThat(below(ofArm, "PPL wikitext")).startsWith(arm, "– published", "36.6");
        assertThat(below(ofArm, "AUC refit, fixed texts").get(1)).isNotEqualTo("– published");
        assertThat(ofArm).filteredOn(row -> row.get(1).equals("– published")).hasSize(3);
        assertThat(table.caption()).contains("Figure 2 of a paper", "another model's");
        assertThat(table(report, "curves-sft").caption()).doesNotContain("ublished");
        assertThat(ReportRenderer.csv(report))
                .contains(arm + ",,reference,auroc retrained own,published point 2,0.9,,");
    }

    private static List<String> below(List<List<String>> rows, String name) {
        int at = rows.stream().map(row -> row.get(1)).toList().indexOf(name);
        return rows.get(at + 1);
    }

    @Test
    void publishedLayerAndCosinesStandInTheCaptions() {
        ReferenceProbes probes = new ReferenceProbes(20, new ReferenceProbes.Cosine(0.25, 0.17, 0.33));
        Report report = REPORT.shownWith(new ReferenceSpec("Figure 4 of a paper", Map.of(), probes), List.of());

        assertThat(table(report, "layers").caption()).endsWith("Published: layer 20 (Figure 4 of a paper).");
        assertThat(table(report, "cosines").caption())
                .endsWith("Published: 0.25 on average, from 0.17 to 0.33 (Figure 4 of a paper).");
        assertThat(ReportRenderer.html(report))
                .containsSubsequence(
                        "<figcaption>", "Published: layer 20", "Published: 0.25 on average", "</figcaption>");
        assertThat(ReportRenderer.csv(report))
                .contains(",,reference,layer,published,20.0,,", ",,reference,cosine_mean,published,0.25,,");
        assertThat(table(REPORT, "cosines").caption()).doesNotContain("ublished");
    }

    /** Figure 4 and the choice of the layer. */
    @Test
    void cosinesAndLayersAreTablesToo() {
        ProbeSweep sweep = Objects.requireNonNull(REPORT.sweep());
        Table cosines = table(REPORT, "cosines");
        Table layers = table(REPORT, "layers");

        assertThat(cosines.rows()).hasSameSizeAs(sweep.cosine());
        assertThat(cosines.columns()).hasSize(1 + sweep.cosine().size());
        assertThat(cosines.rows().get(1).get(1))
                .isEqualTo(Numbers.fixed(sweep.cosine().get(0).get(1), 2));
        assertThat(layers.rows()).hasSameSizeAs(sweep.auroc());
        assertThat(layers.caption()).contains("Layer " + sweep.layer() + " was chosen");
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void everyFormHasThemAll(Form form) {
        String text = form.rendering.apply(Samples.withGrid());

        assertThat(text)
                .contains(
                        "On own responses",
                        "Over training: Preference optimisation (DPO)",
                        "Over training: Supervised fine-tuning",
                        "Choice of the layer",
                        "Cosines between probes",
                        "Aggregation and ");
    }
}
