package io.goodhart.api.report;

import io.goodhart.domain.report.ArmReport;
import io.goodhart.domain.report.Estimate;
import io.goodhart.domain.report.Evaluation.TextSet;
import io.goodhart.domain.report.ProbeGroup;
import io.goodhart.domain.report.Report;
import io.goodhart.domain.report.Verdict;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One arm's verdict at a glance. */
final class VerdictCard {
    private VerdictCard() {}

    static String render(Report report, ArmReport arm) {
        Verdict verdict = Objects.requireNonNull(arm.verdict());
        Optional<ArmReport> baseline = report.baseline();
        StringBuilder out = new StringBuilder();
        out.append("<article class=\"card ").append(Words.tone(verdict)).append("\">\n");
        out.append(Html.element("p", "verdict", Words.of(verdict))).append('\n');
        out.append(Html.element("h3", "", arm.name())).append('\n');
        out.append(Html.element("p", "description", arm.description())).append("\n<dl>\n");
        out.append(line(
                report.behaviour() + " rate", baseline.map(ReportTables::rate).orElse(null), ReportTables.rate(arm)));
        for (ProbeGroup group : ProbeGroup.values()) {
            Estimate own = ReportTables.auroc(arm, group, TextSet.FIXED);
            if (own != null && group != ProbeGroup.CONTROL) {
                out.append(line("AUC " + Words.of(group), baselineAuroc(baseline, group), own));
            }
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

    /** The baseline has no seen probes, and may have no refitted ones: the nearest of its groups stands for them. */
    private static @Nullable Estimate baselineAuroc(Optional<ArmReport> baseline, ProbeGroup group) {
        return baseline.map(arm -> {
                    Estimate same = ReportTables.auroc(arm, group, TextSet.FIXED);
                    ProbeGroup nearest = switch (group) {
                        case SEEN, TRAIN -> ProbeGroup.TRAIN;
                        case HELD_OUT, RETRAINED, REFITTED -> ProbeGroup.HELD_OUT;
                        case CONTROL -> ProbeGroup.CONTROL;
                    };
                    return same != null ? same : ReportTables.auroc(arm, nearest, TextSet.FIXED);
                })
                .orElse(null);
    }

    private static String line(String name, @Nullable Estimate before, @Nullable Estimate after) {
        String value = Numbers.fixed(ReportTables.value(after), 2);
        return fact(name, before == null ? value : Numbers.fixed(before.value(), 2) + " → " + value);
    }

    private static String fact(String name, String value) {
        return "<div>" + Html.element("dt", "", name) + Html.element("dd", "", value) + "</div>\n";
    }
}
