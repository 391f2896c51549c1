package io.goodhart.api.report;

import io.goodhart.domain.report.Report;

/**
 * A report in the forms that people read. Pure functions: the same report gives the same text. No form ever holds generated text,
 * only numbers and the user's own names, which are escaped.
 */
public final class ReportRenderer {
    private ReportRenderer() {}

    /** One self-contained HTML file, which is well-formed XML too: no scripts, no external assets, printable, light and dark. */
    public static String html(Report report) {
        return new HtmlReport(report).render();
    }

    /** The same tables in Markdown. */
    public static String markdown(Report report) {
        return new MarkdownReport(report).render();
    }

    /** Every number as one row: arm, seed, section, quantity, detail, value, lower, upper. */
    public static String csv(Report report) {
        return new CsvReport(report).render();
    }

    /** A compact table for a terminal, with the verdicts and the warnings; at most 120 columns. */
    public static String terminal(Report report) {
        return TerminalReport.render(report);
    }

    /** A LaTeX document of the tables, for a paper. */
    public static String latex(Report report) {
        return LatexReport.render(report);
    }
}
