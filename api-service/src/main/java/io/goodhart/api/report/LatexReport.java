package io.goodhart.api.report;

import io.goodhart.domain.report.Report;
import java.util.stream.Collectors;

/**
 * A document of the report's tables: one {@code longtable} each, which may break between pages, with booktabs' rules. Compiles as
 * it is; to take a table into a paper, copy it with the packages that it needs.
 */
final class LatexReport {
    private LatexReport() {}

    static String render(Report report) {
        return """
                %% Compiles with pdflatex; names in other than Latin letters need lualatex.
                \\documentclass{article}
                \\usepackage[T1]{fontenc}
                \\usepackage[a4paper,landscape,margin=15mm]{geometry}
                \\usepackage{amssymb}
                \\usepackage{booktabs}
                \\usepackage{longtable}
                \\title{%s}
                \\date{}
                \\begin{document}
                \\maketitle
                \\noindent %s

                \\footnotesize
                \\setlength{\\tabcolsep}{4pt}
                %s\\end{document}
                """.formatted(
                        escaped(report.title()),
                        escaped(Answer.sentence(report)),
                        new ReportTables(report)
                                .all().stream().map(LatexReport::environment).collect(Collectors.joining()));
    }

    private static String environment(Table table) {
        String head = "\\toprule\n" + row(table.columns()) + "\\midrule\n";
        return """
                \\begin{longtable}{%s%s}
                \\caption{%s %s}\\label{tab:%s}\\\\
                %s\\endfirsthead
                %s\\endhead
                \\bottomrule
                \\endlastfoot
                %s\\end{longtable}
                """.formatted(
                        "l".repeat(table.keys()),
                        "r".repeat(table.columns().size() - table.keys()),
                        escaped(table.title().endsWith("?") ? table.title() : table.title() + "."),
                        escaped(table.caption()),
                        table.id(),
                        head,
                        head,
                        table.rows().stream().map(LatexReport::row).collect(Collectors.joining()));
    }

    private static String row(Iterable<String> cells) {
        StringBuilder row = new StringBuilder();
        cells.forEach(cell -> row.append(row.isEmpty() ? "" : " & ").append(escaped(cell)));
        return row.append(" \\\\\n").toString();
    }

    static String escaped(String text) {
        StringBuilder out = new StringBuilder();
        text.codePoints().forEach(c -> out.append(escaped(c)));
        return out.toString();
    }

    private static String escaped(int c) {
        return switch (c) {
            case '\\' -> "\\textbackslash{}";
            case '~' -> "\\textasciitilde{}";
            case '^' -> "\\textasciicircum{}";
            case '&', '%', '$', '#', '_', '{', '}' -> "\\" + (char) c;
            case '<' -> "$<$";
            case '>' -> "$>$";
            case '−' -> "$-$";
            case '–' -> "--";
            case 'Δ' -> "$\\Delta$";
            case 'λ' -> "$\\lambda$";
            case '±' -> "$\\pm$";
            case '×', '✗' -> "$\\times$";
            case '·' -> "$\\cdot$";
            case '→' -> "$\\to$";
            case '₁' -> "$_1$";
            case '“' -> "``";
            case '”' -> "''";
            case '…' -> "\\dots{}";
            case '‡' -> "\\ddag{}";
            case '✓' -> "$\\checkmark$";
            case '↺' -> "$\\circlearrowleft$";
            case '\u00a0' -> "~";
            default -> Character.isISOControl(c) ? " " : Character.toString(c);
        };
    }
}
