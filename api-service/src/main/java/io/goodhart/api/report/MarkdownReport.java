package io.goodhart.api.report;

import io.goodhart.domain.report.Report;
import io.goodhart.domain.report.Warning;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

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
        out.append("## Verdicts\n\n");
        Answer.reasons(report)
                .forEach(reason -> out.append("- ").append(escaped(reason)).append('\n'));
        out.append('\n');
        for (Table table : new ReportTables(report).all()) {
            out.append("## ").append(escaped(table.title())).append("\n\n");
            out.append(escaped(table.caption())).append("\n\n");
            append(table);
        }
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

    private void append(Table table) {
        List<List<String>> cells = TextGrid.cells(table, text -> linked(table, text));
        int[] widths = TextGrid.widths(cells);
        for (int r = 0; r < cells.size(); r++) {
            out.append("| ")
                    .append(TextGrid.line(cells.get(r), table.keys(), widths, " | "))
                    .append(" |\n");
            if (r == 0) {
                out.append(rule(table.keys(), widths)).append('\n');
            }
        }
        out.append('\n');
    }

    /** Links within the page lead to the heading of the runs: Markdown has no anchors in tables. */
    private static String linked(Table table, String text) {
        String address = table.links().get(text);
        if (address == null) {
            return escaped(text);
        }
        return "[%s](%s)".formatted(escaped(text), address.startsWith("#") ? "#every-run" : address);
    }

    private static String rule(int keys, int[] widths) {
        return IntStream.range(0, widths.length)
                .mapToObj(c -> c < keys ? "-".repeat(widths[c]) : "-".repeat(Math.max(1, widths[c] - 1)) + ":")
                .collect(Collectors.joining(" | ", "| ", " |"));
    }

    /** The user's names cannot start markup. */
    static String escaped(String text) {
        return text.replace("\\", "\\\\")
                .replaceAll("([|*_`<>\\[\\]#])", "\\\\$1")
                .replaceAll("\\s+", " ");
    }
}
