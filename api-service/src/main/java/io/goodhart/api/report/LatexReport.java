package io.goodhart.api.report;

import io.goodhart.domain.report.Report;
import java.util.List;
import java.util.stream.Collectors;

/** The tables with booktabs' rules, one {@code table} environment each. */
final class LatexReport {
    private LatexReport() {}

    static String render(Report report) {
        return "% Needs \\usepackage{booktabs}\n"
                + new ReportTables(report)
                        .all().stream().map(LatexReport::environment).collect(Collectors.joining("\n"));
    }

    private static String environment(Table table) {
        String rows = table.rows().stream().map(LatexReport::row).collect(Collectors.joining());
        return """
                \\begin{table}
                  \\caption{%s. %s}
                  \\label{tab:%s}
                  \\begin{tabular}{%s%s}
                    \\toprule
                %s    \\midrule
                %s    \\bottomrule
                  \\end{tabular}
                \\end{table}
                """.formatted(
                        escaped(table.title()),
                        escaped(table.caption()),
                        table.id(),
                        "l".repeat(table.keys()),
                        "r".repeat(table.columns().size() - table.keys()),
                        row(table.columns()),
                        rows);
    }

    private static String row(List<String> cells) {
        return cells.stream().map(LatexReport::escaped).collect(Collectors.joining(" & ", "    ", " \\\\\n"));
    }

    static String escaped(String text) {
        StringBuilder out = new StringBuilder();
        text.codePoints()
                .forEach(c -> out.append(
                        switch (c) {
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
                            case '×' -> "$\\times$";
                            default -> Character.toString(c);
                        }));
        return out.toString();
    }
}
