package io.goodhart.api.report;

import io.goodhart.domain.report.ArmReport;
import io.goodhart.domain.report.Estimate;
import io.goodhart.domain.report.Evaluation.TextSet;
import io.goodhart.domain.report.ProbeGroup;
import io.goodhart.domain.report.Report;
import io.goodhart.domain.spec.ReferenceNumbers;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Wehner and Fritz' tables 1 and 2 in their form: what each model does and what probes read on its own responses, with what was
 * published in brackets. The main table has the same probes on texts that every model reads.
 */
final class OwnResponsesTable {
    private static final List<ProbeGroup> GROUPS = List.of(ProbeGroup.TRAIN, ProbeGroup.HELD_OUT, ProbeGroup.RETRAINED);

    private final Report report;

    OwnResponsesTable(Report report) {
        this.report = report;
    }

    Table table() {
        List<String> columns = new ArrayList<>(List.of("arm", "rate"));
        GROUPS.forEach(group -> columns.add("AUC " + Words.of(group)));
        List<String> corpora = new ReportTables(report).corpora().stream().toList();
        corpora.forEach(corpus -> columns.add("PPL " + corpus));
        return new Table(
                "own-responses",
                "On own responses",
                "Final evaluation in the form of tables 1 and 2 of Wehner and Fritz 2025: AUC on each model's own responses, with the"
                        + " scorer's labels; train: of the probes that the arm's training saw, of all training probes where it saw none."
                        + " The responses are other texts in every arm; the verdicts rest on texts that all models read."
                        + source(),
                columns,
                report.arms().stream().map(arm -> row(arm, corpora)).toList());
    }

    private String source() {
        return report.reference() == null
                ? ""
                : " In brackets what was published: %s. It is another model's, on other data: compare directions, not digits."
                        .formatted(report.reference().source());
    }

    private List<String> row(ArmReport arm, List<String> corpora) {
        ReferenceNumbers numbers = numbers(arm);
        List<String> row = new ArrayList<>(List.of(arm.name()));
        row.add(cell(ReportTables.rate(arm), numbers == null ? null : numbers.rate()));
        for (ProbeGroup group : GROUPS) {
            Estimate measured = auroc(arm, group);
            row.add(cell(measured, numbers == null ? null : auroc(numbers, group)));
        }
        for (String corpus : corpora) {
            Double published = numbers == null ? null : numbers.perplexity().get(corpus);
            row.add(Numbers.beside(Numbers.compact(ReportTables.perToken(arm, corpus)), published));
        }
        return row;
    }

    private static String cell(@Nullable Estimate measured, @Nullable Double published) {
        return Numbers.beside(Numbers.estimate(measured, 3), published);
    }

    private @Nullable ReferenceNumbers numbers(ArmReport arm) {
        return report.reference() == null ? null : report.reference().numbers().get(arm.name());
    }

    /** The paper's training probes are those that the arm's training saw. */
    private static @Nullable Estimate auroc(ArmReport arm, ProbeGroup group) {
        Estimate seen = group == ProbeGroup.TRAIN ? ReportTables.auroc(arm, ProbeGroup.SEEN, TextSet.OWN) : null;
        return seen == null ? ReportTables.auroc(arm, group, TextSet.OWN) : seen;
    }

    private static @Nullable Double auroc(ReferenceNumbers numbers, ProbeGroup group) {
        return switch (group) {
            case TRAIN -> numbers.aurocTrain();
            case HELD_OUT -> numbers.aurocHeldOut();
            case RETRAINED -> numbers.aurocRetrained();
            case SEEN, REFITTED, CONTROL -> null;
        };
    }
}
