package io.goodhart.api.report;

import io.goodhart.api.report.ReportComparison.ArmPair;
import io.goodhart.api.report.ReportComparison.Difference;
import io.goodhart.api.report.ReportComparison.FieldDifference;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** Two reports side by side, in the forms that people read. */
public final class ComparisonPage {
    private static final String TITLE = "Two experiments compared";

    private ComparisonPage() {}

    public static String html(ReportComparison comparison) {
        StringBuilder body = new StringBuilder();
        body.append("<header>\n<p class=\"kicker\">Goodhart comparison</p>\n");
        body.append(Html.element("h1", "", TITLE)).append('\n');
        sides(comparison)
                .forEach(side -> body.append(Html.element("p", "answer", side)).append('\n'));
        body.append("</header>\n");
        if (!comparison.warnings().isEmpty()) {
            body.append("<section class=\"warnings\">\n<h2>Before you believe a difference</h2>\n<ul>\n");
            comparison
                    .warnings()
                    .forEach(warning ->
                            body.append(Html.element("li", "", warning)).append('\n'));
            body.append("</ul>\n</section>\n");
        }
        tables(comparison).stream().map(HtmlTable::of).forEach(body::append);
        return HtmlPage.of(TITLE + " · Goodhart", body.toString());
    }

    public static String markdown(ReportComparison comparison) {
        StringBuilder out = new StringBuilder("# ").append(TITLE).append("\n\n");
        sides(comparison)
                .forEach(side ->
                        out.append("- ").append(MarkdownReport.escaped(side)).append('\n'));
        out.append('\n');
        if (!comparison.warnings().isEmpty()) {
            out.append("## Before you believe a difference\n\n");
            comparison
                    .warnings()
                    .forEach(warning -> out.append("- ")
                            .append(MarkdownReport.escaped(warning))
                            .append('\n'));
            out.append('\n');
        }
        tables(comparison).stream().map(MarkdownTable::of).forEach(out::append);
        return out.toString();
    }

    private static List<String> sides(ReportComparison comparison) {
        List<String> sides = new ArrayList<>();
        sides.add("A: %s (%s)".formatted(comparison.a().title(), comparison.a().id()));
        sides.add("B: %s (%s)".formatted(comparison.b().title(), comparison.b().id()));
        if (!comparison.onlyA().isEmpty()) {
            sides.add("Only A has: " + String.join(", ", comparison.onlyA()));
        }
        if (!comparison.onlyB().isEmpty()) {
            sides.add("Only B has: " + String.join(", ", comparison.onlyB()));
        }
        return sides;
    }

    private static List<Table> tables(ReportComparison comparison) {
        return List.of(arms(comparison), fields(comparison)).stream()
                .filter(table -> !table.rows().isEmpty())
                .map(Table::withoutEmptyColumns)
                .toList();
    }

    private static Table arms(ReportComparison comparison) {
        List<List<String>> rows = new ArrayList<>();
        for (ArmPair pair : comparison.arms()) {
            pair.differences().forEach(difference -> rows.add(row(pair, difference)));
        }
        return new Table(
                "arms",
                "Arms",
                "B minus A with %s intervals; p is Holm's over the arms. Paired: both read the same prompts or texts with the same seeds, and"
                                .formatted(Numbers.percent(comparison.level(), 0))
                        + " what those share drops out; a rate of one seed has the exact McNemar test and Newcombe's interval."
                        + " Independent: two estimates that share nothing, and why; where they do share prompts"
                        + " or texts the interval is too wide rather than too narrow. Arms are matched by name, or else by equal"
                        + " specification.",
                2,
                List.of("arm", "quantity", "A", "B", "B − A", "p", "compared"),
                rows);
    }

    private static List<String> row(ArmPair pair, Difference difference) {
        boolean perplexity = difference.quantity().startsWith(ReportComparison.PERPLEXITY);
        int decimals = perplexity ? 2 : 3;
        String interval = difference.lower() == null || difference.upper() == null
                ? ""
                : " [%s, %s]"
                        .formatted(
                                Numbers.fixed(difference.lower(), decimals),
                                Numbers.fixed(difference.upper(), decimals));
        return List.of(
                pair.a().equals(pair.b()) ? pair.a() : pair.a() + " / " + pair.b(),
                difference.quantity(),
                perplexity ? Numbers.compact(difference.a()) : Numbers.fixed(difference.a(), 3),
                perplexity ? Numbers.compact(difference.b()) : Numbers.fixed(difference.b(), 3),
                Numbers.signed(difference.difference(), decimals) + interval,
                Numbers.p(difference.adjustedP()),
                compared(difference));
    }

    private static String compared(Difference difference) {
        return switch (difference.basis()) {
            case PAIRED -> "paired " + difference.how();
            case INDEPENDENT -> "independent: " + difference.how();
        };
    }

    private static Table fields(ReportComparison comparison) {
        return new Table(
                "specification",
                "What differs in the specifications",
                "Names, labels and published numbers are left out.",
                List.of("field", "A", "B"),
                comparison.specification().stream().map(ComparisonPage::row).collect(Collectors.toList()));
    }

    private static List<String> row(FieldDifference field) {
        return List.of(
                field.field(),
                Objects.requireNonNullElse(field.a(), Numbers.ABSENT),
                Objects.requireNonNullElse(field.b(), Numbers.ABSENT));
    }
}
