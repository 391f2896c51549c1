package io.goodhart.api.report;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A table as a section of a page. */
final class HtmlTable {
    /** Numbers in brackets; what people name may have brackets, too. */
    private static final Pattern INTERVAL = Pattern.compile(" \\[[^\\[\\]\\p{L}]*\\]");

    private final StringBuilder out = new StringBuilder();

    private HtmlTable() {}

    static String of(Table table) {
        HtmlTable html = new HtmlTable();
        html.append(table);
        return html.out.toString();
    }

    private void append(Table table) {
        out.append("<section id=\"").append(table.id()).append("\">\n");
        out.append(Html.element("h2", "", table.title())).append('\n');
        out.append(Html.element("p", "caption", table.caption())).append('\n');
        out.append("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"")
                .append(Html.escaped(table.title()))
                .append("\">\n<table>\n<thead>\n<tr>");
        for (int c = 0; c < table.columns().size(); c++) {
            out.append(c < table.keys() ? "<th scope=\"col\" class=\"key\">" : "<th scope=\"col\">");
            out.append(Html.escaped(table.columns().get(c).strip())).append("</th>");
        }
        out.append("</tr>\n</thead>\n<tbody>\n");
        for (int r = 0; r < table.rows().size(); r++) {
            appendRow(table, r);
        }
        out.append("</tbody>\n</table>\n</div>\n</section>\n");
    }

    private void appendRow(Table table, int index) {
        List<String> row = table.rows().get(index);
        boolean first = index == 0
                || table.keys() == 1
                || !row.getFirst().equals(table.rows().get(index - 1).getFirst());
        out.append(first && table.keys() > 1 ? "<tr class=\"first\">" : "<tr>");
        if (first) {
            long together = table.keys() == 1
                    ? 1
                    : table.rows().stream()
                            .skip(index)
                            .takeWhile(other -> other.getFirst().equals(row.getFirst()))
                            .count();
            String id = table.id().equals(RunTable.ID)
                    ? " id=\"" + Html.escaped(RunTable.anchor(row.getFirst())) + '"'
                    : "";
            out.append(together == 1 ? "<th scope=\"row\"" : "<th scope=\"rowgroup\" rowspan=\"" + together + '"');
            out.append(id).append('>').append(cell(table, row.getFirst())).append("</th>");
        }
        for (int c = 1; c < row.size(); c++) {
            out.append(c < table.keys() ? "<td class=\"key\">" : "<td>");
            out.append(cell(table, row.get(c))).append("</td>");
        }
        out.append("</tr>\n");
    }

    /** A link, where it leads somewhere. A verdict has its colour; the interval of a number stands back behind the number. */
    private static String cell(Table table, String text) {
        String address = table.links().get(text);
        if (address != null) {
            return "<a href=\"" + Html.escaped(address) + "\">" + Html.escaped(text) + "</a>";
        }
        Optional<String> tone = Words.toneOf(text);
        if (tone.isPresent()) {
            return Html.element("span", "outcome " + tone.get(), text);
        }
        Matcher interval = INTERVAL.matcher(text);
        return interval.find()
                ? Html.escaped(text.substring(0, interval.start()))
                        + Html.element("span", "interval", interval.group())
                        + Html.escaped(text.substring(interval.end()))
                : Html.escaped(text);
    }
}
