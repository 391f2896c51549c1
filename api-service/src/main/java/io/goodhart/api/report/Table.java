package io.goodhart.api.report;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A table of texts, whatever the form it is shown in.
 *
 * @param id short name, for links
 * @param caption what the numbers are, in sentences
 * @param keys number of columns that name a row: 1, or 2 if rows belong together by their first cell
 * @param columns headers; after the keys come numbers
 * @param links from the text of a cell to the address that it leads to
 */
record Table(
        String id,
        String title,
        String caption,
        int keys,
        List<String> columns,
        List<List<String>> rows,
        Map<String, String> links) {
    /** A table without links. */
    Table(String id, String title, String caption, int keys, List<String> columns, List<List<String>> rows) {
        this(id, title, caption, keys, columns, rows, Map.of());
    }

    /** A table whose rows are named by their first cell. */
    Table(String id, String title, String caption, List<String> columns, List<List<String>> rows) {
        this(id, title, caption, 1, columns, rows);
    }

    Table {
        links = Map.copyOf(links);
        columns = List.copyOf(columns);
        rows = rows.stream().map(List::copyOf).toList();
        for (List<String> row : rows) {
            if (row.size() != columns.size()) {
                throw new IllegalArgumentException("Need " + columns.size() + " cells, got " + row);
            }
        }
    }

    /** The same table, whose cells lead somewhere. */
    Table linked(Map<String, String> to) {
        return new Table(id, title, caption, keys, columns, rows, to);
    }

    /** The columns that have something to show in a row or more, and the keys. */
    Table withoutEmptyColumns() {
        int[] keep = IntStream.range(0, columns.size())
                .filter(c ->
                        c < keys || rows.stream().anyMatch(row -> !row.get(c).equals(Numbers.ABSENT)))
                .toArray();
        return new Table(
                id,
                title,
                caption,
                keys,
                kept(columns, keep),
                rows.stream().map(row -> kept(row, keep)).toList(),
                links);
    }

    private static List<String> kept(List<String> cells, int[] keep) {
        return Arrays.stream(keep).mapToObj(cells::get).toList();
    }
}
