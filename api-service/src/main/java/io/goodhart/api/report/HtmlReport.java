package io.goodhart.api.report;

import io.goodhart.domain.report.ArmReport;
import io.goodhart.domain.report.Report;
import io.goodhart.domain.report.Warning;
import java.util.List;
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
        appendHeader();
        appendCards();
        appendWarnings();
        List<Table> tables = new ReportTables(report).all();
        tables.stream().limit(1).map(HtmlTable::of).forEach(out::append);
        appendFigures();
        tables.stream().skip(1).map(HtmlTable::of).forEach(out::append);
        appendRules();
        return HtmlPage.of(report.title() + " · Goodhart report", out.toString());
    }

    private void appendHeader() {
        long trained = report.arms().stream()
                .filter(arm -> arm.verdict() != null && !Answer.isUntrained(arm))
                .count();
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
}
