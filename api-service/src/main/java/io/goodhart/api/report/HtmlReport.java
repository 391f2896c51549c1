package io.goodhart.api.report;

import io.goodhart.domain.report.ArmReport;
import io.goodhart.domain.report.Report;
import io.goodhart.domain.report.Warning;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** The page: answer, verdict cards, figures, tables, rules. */
final class HtmlReport {
    private final Report report;
    private final StringBuilder out = new StringBuilder();
    private int figures;

    HtmlReport(Report report) {
        this.report = report;
    }

    String render() {
        out.append("""
                <!DOCTYPE html>
                <html xmlns="http://www.w3.org/1999/xhtml" lang="en">
                <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <meta name="robots" content="noindex"/>
                """);
        out.append("<title>").append(Html.escaped(report.title())).append(" · Goodhart report</title>\n");
        out.append("<style>\n").append(style()).append("</style>\n</head>\n<body>\n<main>\n");
        appendHeader();
        appendCards();
        appendWarnings();
        List<Table> tables = new ReportTables(report).all();
        tables.stream().limit(1).forEach(this::append);
        appendFigures();
        tables.stream().skip(1).forEach(this::append);
        appendRules();
        out.append("</main>\n</body>\n</html>\n");
        return out.toString();
    }

    private void appendHeader() {
        long trained =
                report.arms().stream().filter(arm -> arm.verdict() != null).count();
        out.append("<header>\n<p class=\"kicker\">Goodhart report</p>\n");
        out.append(Html.element("h1", "", report.title())).append('\n');
        out.append(Html.element("p", "answer", Answer.sentence(report))).append('\n');
        out.append("<p class=\"facts\">");
        out.append(Html.element("span", "", "behaviour: " + report.behaviour()));
        out.append(Html.element("span", "", trained + (trained == 1 ? " trained arm" : " trained arms")));
        out.append(
                Html.element("span", "", report.seeds().size() + (report.seeds().size() == 1 ? " seed" : " seeds")));
        report.baseline()
                .flatMap(arm -> arm.runs().stream().findFirst())
                .ifPresent(run -> out.append(Html.element("span", "", run.prompts() + " evaluation prompts")));
        out.append("</p>\n</header>\n");
    }

    private void appendCards() {
        out.append("<section aria-label=\"Verdicts\" class=\"cards\">\n");
        for (ArmReport arm : report.arms()) {
            if (arm.verdict() != null) {
                out.append(VerdictCard.render(report, arm));
            }
        }
        out.append("</section>\n");
    }

    private void appendWarnings() {
        if (report.warnings().isEmpty()) {
            return;
        }
        out.append("<section class=\"warnings\">\n<h2>Before you believe a number</h2>\n<ul>\n");
        for (Warning warning : report.warnings()) {
            out.append("<li>");
            if (warning.arm() != null) {
                out.append(Html.element("strong", "", warning.arm())).append(": ");
            }
            out.append(Html.escaped(warning.message())).append("</li>\n");
        }
        out.append("</ul>\n</section>\n");
    }

    private void appendFigures() {
        new Figures(report).all().forEach(figure -> {
            figures++;
            out.append("<figure id=\"figure-").append(figures).append("\">\n");
            out.append(figure.legend());
            out.append(figure.body());
            out.append("<figcaption><strong>Figure ").append(figures).append(".</strong> ");
            out.append(Html.escaped(figure.caption())).append("</figcaption>\n</figure>\n");
        });
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
        int from = text.indexOf(" [");
        return from < 0
                ? Html.escaped(text)
                : Html.escaped(text.substring(0, from)) + Html.element("span", "interval", text.substring(from));
    }

    private void appendRules() {
        out.append("<section id=\"rules\">\n<h2>Methods and rules</h2>\n<ul>\n");
        report.rules()
                .statements()
                .forEach(statement ->
                        out.append(Html.element("li", "", statement)).append('\n'));
        out.append("</ul>\n</section>\n<section id=\"provenance\">\n<h2>Provenance</h2>\n<dl>\n");
        out.append(Answer.provenance(report).entrySet().stream()
                .map(fact -> Html.element("dt", "", fact.getKey()) + Html.element("dd", "", fact.getValue()))
                .collect(Collectors.joining("\n")));
        out.append("\n</dl>\n</section>\n");
    }

    private static String style() {
        try (InputStream css = Objects.requireNonNull(
                HtmlReport.class.getResourceAsStream("report.css"), "report.css is missing on the class path")) {
            return new String(css.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
