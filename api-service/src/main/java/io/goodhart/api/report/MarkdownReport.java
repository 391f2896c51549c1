package io.goodhart.api.report;

import io.goodhart.domain.report.Report;
import io.goodhart.domain.report.Warning;
import java.util.List;

/** GitHub-flavoured Markdown, with columns aligned so that it reads well in a terminal too. */
final class MarkdownReport {
    private final Report report;
    private final StringBuilder out = new StringBuilder();

    MarkdownReport(Report report) {
        this.report = report;
    }

    String render() {
        out.append("# ").append(escaped(report.title())).append("\n\n");
        out.append(escaped(Answer.sentence(report))).append("\n\n");
        if (!report.warnings().isEmpty()) {
            out.append("## Before you believe a number\n\n");
            for (Warning warning : report.warnings()) {
                out.append("- ");
                if (warning.arm() != null) {
                    out.append("**").append(escaped(warning.arm())).append("**: ");
                }
                out.append(escaped(warning.message())).append('\n');
            }
            out.append('\n');
        }
        List<String> verdicts = Answer.reasons(report);
        if (!verdicts.isEmpty()) {
            out.append("## Verdicts\n\n");
            verdicts.forEach(reason -> out.append("- ").append(escaped(reason)).append('\n'));
            out.append('\n');
        }
        new ReportTables(report).all().stream().map(MarkdownTable::of).forEach(out::append);
        out.append("## Methods and rules\n\n");
        report.rules()
                .statements()
                .forEach(s -> out.append("- ").append(escaped(s)).append('\n'));
        out.append("\n## Provenance\n\n");
        Answer.provenance(report)
                .forEach((name, value) -> out.append("- ")
                        .append(escaped(name))
                        .append(": `")
                        .append(value.replace('`', '\''))
                        .append("`\n"));
        return out.toString();
    }

    /** The user's names cannot start markup. */
    static String escaped(String text) {
        return text.replace("\\", "\\\\")
                .replaceAll("([|*_`<>\\[\\]#])", "\\\\$1")
                .replaceAll("\\s+", " ");
    }
}
