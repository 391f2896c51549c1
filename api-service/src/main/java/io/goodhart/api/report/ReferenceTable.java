package io.goodhart.api.report;

import io.goodhart.domain.report.ArmReport;
import io.goodhart.domain.report.Estimate;
import io.goodhart.domain.report.Evaluation.TextSet;
import io.goodhart.domain.report.ProbeGroup;
import io.goodhart.domain.report.Report;
import io.goodhart.domain.spec.ReferenceNumbers;
import io.goodhart.domain.spec.ReferenceSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Published numbers beside the measured ones. */
final class ReferenceTable {
    private final Report report;

    ReferenceTable(Report report) {
        this.report = report;
    }

    /** One published number and what was measured here. */
    record Row(
            String arm,
            String quantity,
            double published,
            @Nullable Estimate measured) {}

    /** In the order of the arms; empty without published numbers. */
    List<Row> rows() {
        ReferenceSpec reference = report.reference();
        List<Row> rows = new ArrayList<>();
        if (reference != null) {
            report.arms()
                    .forEach(arm -> Optional.ofNullable(reference.numbers().get(arm.name()))
                            .ifPresent(numbers -> add(rows, arm, numbers)));
        }
        return rows;
    }

    private void add(List<Row> rows, ArmReport arm, ReferenceNumbers numbers) {
        add(rows, arm, report.behaviour() + " rate", numbers.rate(), ReportTables.rate(arm));
        auroc(rows, arm, ProbeGroup.TRAIN, numbers.aurocTrain());
        auroc(rows, arm, ProbeGroup.HELD_OUT, numbers.aurocHeldOut());
        auroc(rows, arm, ProbeGroup.RETRAINED, numbers.aurocRetrained());
        numbers.perplexity()
                .forEach((corpus, value) -> add(
                        rows,
                        arm,
                        "PPL " + corpus,
                        value,
                        arm.perplexity().stream()
                                .filter(result -> result.corpus().equals(corpus))
                                .findFirst()
                                .map(result -> result.perToken())
                                .orElse(null)));
    }

    private static void auroc(List<Row> rows, ArmReport arm, ProbeGroup group, @Nullable Double published) {
        add(
                rows,
                arm,
                "AUC " + Words.of(group) + ", own responses",
                published,
                ReportTables.auroc(arm, group, TextSet.OWN));
    }

    private static void add(
            List<Row> rows, ArmReport arm, String quantity, @Nullable Double published, @Nullable Estimate measured) {
        if (published != null) {
            rows.add(new Row(arm.name(), quantity, published, measured));
        }
    }

    Table table() {
        String source = report.reference() == null ? "" : report.reference().source();
        return new Table(
                "reference",
                "Published numbers beside these",
                "Published: " + source + ". They are another model's, on other data: compare directions, not digits.",
                2,
                List.of("arm", "quantity", "published", "here"),
                rows().stream()
                        .map(row -> List.of(
                                row.arm(),
                                row.quantity(),
                                Numbers.compact(row.published()),
                                row.quantity().startsWith("PPL")
                                        ? Numbers.compact(ReportTables.value(row.measured()))
                                        : Numbers.estimate(row.measured(), 3)))
                        .toList());
    }
}
