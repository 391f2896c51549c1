package io.goodhart.api.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Cells aligned by spaces: the keys to the left, numbers to the right. */
final class TextGrid {
    private TextGrid() {}

    /** Header and rows, each cell changed by {@code text}. */
    static List<List<String>> cells(Table table, UnaryOperator<String> text) {
        List<List<String>> cells = new ArrayList<>();
        cells.add(table.columns().stream().map(text).toList());
        table.rows().forEach(row -> cells.add(row.stream().map(text).toList()));
        return cells;
    }

    static int[] widths(List<List<String>> cells) {
        int[] widths = new int[cells.getFirst().size()];
        for (List<String> row : cells) {
            for (int c = 0; c < widths.length; c++) {
                widths[c] = Math.max(widths[c], length(row.get(c)));
            }
        }
        return widths;
    }

    static String line(List<String> row, int keys, int[] widths, String between) {
        StringBuilder line = new StringBuilder();
        for (int c = 0; c < widths.length; c++) {
            String space = " ".repeat(widths[c] - length(row.get(c)));
            line.append(c == 0 ? "" : between);
            line.append(c < keys ? row.get(c) + space : space + row.get(c));
        }
        return line.toString();
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }
}
