package io.goodhart.api.report;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A table under its heading, with columns aligned. */
final class MarkdownTable {
    private final StringBuilder out = new StringBuilder();

    private MarkdownTable() {}

    static String of(Table table) {
        MarkdownTable markdown = new MarkdownTable();
        markdown.out.append("## ").append(MarkdownReport.escaped(table.title())).append("\n\n");
        markdown.out.append(MarkdownReport.escaped(table.caption())).append("\n\n");
        markdown.append(table);
        return markdown.out.toString();
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
            return MarkdownReport.escaped(text);
        }
        return "[%s](%s)".formatted(MarkdownReport.escaped(text), address.startsWith("#") ? "#every-run" : address);
    }

    private static String rule(int keys, int[] widths) {
        return IntStream.range(0, widths.length)
                .mapToObj(c -> c < keys ? "-".repeat(widths[c]) : "-".repeat(Math.max(1, widths[c] - 1)) + ":")
                .collect(Collectors.joining(" | ", "| ", " |"));
    }
}
