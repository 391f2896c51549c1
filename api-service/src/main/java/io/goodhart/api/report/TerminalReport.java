package io.goodhart.api.report;

import io.goodhart.domain.report.Report;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/** What a terminal shows at the end of an experiment. */
final class TerminalReport {
    private static final int LONGEST_NAME = 28;

    private TerminalReport() {}

    static String render(Report report) {
        StringBuilder out = new StringBuilder();
        out.append(plain(report.title())).append("\n\n");
        List<List<String>> cells = TextGrid.cells(new ReportTables(report).compact(), UnaryOperator.identity());
        int[] widths = TextGrid.widths(cells);
        for (int r = 0; r < cells.size(); r++) {
            out.append(TextGrid.line(cells.get(r), 1, widths, "  ").stripTrailing())
                    .append('\n');
            if (r == 0) {
                int width = Arrays.stream(widths).sum() + 2 * (widths.length - 1);
                out.append("─".repeat(width)).append('\n');
            }
        }
        out.append('\n').append(plain(ReportTables.COMPACT_CAPTION)).append('\n');
        out.append('\n').append(plain(Answer.sentence(report))).append('\n');
        report.warnings().forEach(warning -> {
            out.append("! ").append(warning.arm() == null ? "" : plain(warning.arm()) + ": ");
            out.append(plain(warning.message())).append('\n');
        });
        return out.toString();
    }

    /** A name that fits its column. */
    static String shortened(String name) {
        String plain = plain(name);
        return plain.length() <= LONGEST_NAME ? plain : plain.substring(0, LONGEST_NAME - 1) + "…";
    }

    /** The user's names cannot steer the terminal. */
    private static String plain(String text) {
        return text.replaceAll("\\p{Cntrl}+", " ");
    }
}
