package io.goodhart.api.report;

import io.goodhart.domain.report.ArmReport;
import io.goodhart.domain.report.Comparison;
import io.goodhart.domain.report.Estimate;
import io.goodhart.domain.report.Evaluation.TextSet;
import io.goodhart.domain.report.ProbeGroup;
import io.goodhart.domain.report.ProbeResult;
import io.goodhart.domain.report.Report;
import io.goodhart.domain.report.Verdict;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One arm's verdict at a glance. */
final class VerdictCard {
    private VerdictCard() {}

    static String render(Report report, ArmReport arm) {
        Verdict verdict = Objects.requireNonNull(arm.verdict());
        StringBuilder out = new StringBuilder();
        out.append("<article class=\"card ").append(Words.tone(verdict)).append("\">\n");
        out.append(Html.element("p", "verdict", Words.of(verdict))).append('\n');
        out.append(Html.element("h3", "", arm.name())).append('\n');
        out.append(Html.element("p", "description", arm.description())).append("\n<dl>\n");
        out.append(line(
                report.behaviour() + " rate",
                report.baseline().map(ReportTables::rate).map(Estimate::value).orElse(null),
                ReportTables.value(ReportTables.rate(arm))));
        for (ProbeGroup group : ProbeGroup.values()) {
            ReportTables.result(arm, group, TextSet.FIXED)
                    .filter(result -> result.auroc() != null && group != ProbeGroup.CONTROL)
                    .ifPresent(result -> out.append(changed(group, result)));
        }
        for (Map.Entry<String, Double> ratio :
                verdict.pressure().perplexityRatios().entrySet()) {
            out.append(fact("PPL " + ratio.getKey(), Numbers.change(ratio.getValue())));
        }
        out.append("</dl>\n");
        out.append("<ul class=\"reasons\">\n");
        verdict.reasons()
                .forEach(reason -> out.append(Html.element("li", "", reason)).append('\n'));
        out.append("</ul>\n");
        if (verdict.needed() != null) {
            out.append(Html.element("p", "needed", "To decide: " + verdict.needed()))
                    .append('\n');
        }
        return out.append("</article>\n").toString();
    }

    /** Before training and after, by the difference that the verdict rests on: the same probes on the same texts. */
    private static String changed(ProbeGroup group, ProbeResult result) {
        double after = Objects.requireNonNull(result.auroc()).value();
        Comparison change = result.againstBaseline();
        return line("AUC " + Words.of(group), change == null ? null : after - change.difference(), after);
    }

    private static String line(String name, @Nullable Double before, @Nullable Double after) {
        String value = Numbers.fixed(after, 2);
        return fact(name, before == null ? value : Numbers.fixed(before, 2) + " → " + value);
    }

    private static String fact(String name, String value) {
        return "<div>" + Html.element("dt", "", name) + Html.element("dd", "", value) + "</div>\n";
    }
}
