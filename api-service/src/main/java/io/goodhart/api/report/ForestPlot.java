package io.goodhart.api.report;

import io.goodhart.api.report.LineChart.Scale;
import io.goodhart.domain.report.ArmReport;
import io.goodhart.domain.report.Estimate;
import io.goodhart.domain.report.Evaluation.TextSet;
import io.goodhart.domain.report.Evaluation.Transfer;
import io.goodhart.domain.report.ProbeGroup;
import io.goodhart.domain.report.ProbeResult;
import io.goodhart.domain.report.Report;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** AUC with its interval, one row an arm, one panel a reading. */
record ForestPlot(List<ArmReport> arms, List<Panel> panels, double low) {
    private static final int LABELS = 150;
    private static final int PANEL = 128;
    private static final int GAP = 40; // the axis labels 1.0 and 0.4 of neighbours
    private static final int ROW = 30;
    private static final int TOP = 40;
    private static final int BOTTOM = 34;

    /** A group of probes under a transfer. */
    record Panel(ProbeGroup group, Transfer transfer) {
        String title() {
            return Words.of(group) + (transfer == Transfer.FROZEN ? "" : ", re-std.");
        }

        Optional<Estimate> of(ArmReport arm, TextSet set) {
            return arm.probes().stream()
                    .filter(p -> p.group() == group && p.transfer() == transfer && p.set() == set)
                    .map(ProbeResult::auroc)
                    .filter(Objects::nonNull)
                    .findFirst();
        }
    }

    static ForestPlot of(Report report) {
        List<Panel> panels = Stream.of(
                        new Panel(ProbeGroup.SEEN, Transfer.FROZEN),
                        new Panel(ProbeGroup.TRAIN, Transfer.FROZEN),
                        new Panel(ProbeGroup.HELD_OUT, Transfer.FROZEN),
                        new Panel(ProbeGroup.HELD_OUT, Transfer.RE_STANDARDISED),
                        new Panel(ProbeGroup.RETRAINED, Transfer.FROZEN),
                        new Panel(ProbeGroup.REFITTED, Transfer.FROZEN))
                .filter(panel -> report.arms().stream()
                        .anyMatch(arm -> panel.of(arm, TextSet.FIXED).isPresent()
                                || panel.of(arm, TextSet.OWN).isPresent()))
                .toList();
        double lowest = panels.stream()
                .flatMap(panel -> report.arms().stream()
                        .flatMap(arm ->
                                Stream.of(TextSet.FIXED, TextSet.OWN).flatMap(set -> panel.of(arm, set).stream())))
                .mapToDouble(e -> e.lower() == null ? e.value() : e.lower())
                .min()
                .orElse(0.5);
        return new ForestPlot(report.arms(), panels, Math.min(0.4, Math.floor(lowest * 10) / 10));
    }

    boolean isEmpty() {
        return panels.isEmpty();
    }

    String legend() {
        return "<ul class=\"legend\">\n"
                + "<li><svg viewBox=\"0 0 26 12\" width=\"26\" height=\"12\" aria-hidden=\"true\"><path class=\"whisker\" d=\"M1 6H25\"/>"
                + Legend.marker(0, 13, 6, "dot") + "</svg>fixed texts</li>\n"
                + "<li><svg viewBox=\"0 0 26 12\" width=\"26\" height=\"12\" aria-hidden=\"true\"><path class=\"whisker own\" d=\"M1 6H25\"/>"
                + Legend.marker(0, 13, 6, "dot own") + "</svg>own responses</li>\n</ul>\n";
    }

    String svg() {
        int width = LABELS + panels.size() * (PANEL + GAP) - GAP + 14;
        int height = TOP + arms.size() * ROW + BOTTOM;
        StringBuilder out = new StringBuilder("<div class=\"scroll\"><div class=\"wide\">");
        out.append(Svg.open(
                width, height, "AUC after training by arm and probe role", "The same numbers are in the tables."));
        for (int a = 0; a < arms.size(); a++) {
            double y = TOP + (a + 0.5) * ROW;
            if (a % 2 == 0) {
                out.append("<rect class=\"stripe\" x=\"0\" y=\"%s\" width=\"%d\" height=\"%d\"/>"
                        .formatted(Svg.number(y - ROW / 2.0), width, ROW));
            }
            out.append(Svg.text(
                    "row",
                    LABELS - 12,
                    y + 4,
                    "end",
                    TerminalReport.shortened(arms.get(a).name())));
        }
        for (int p = 0; p < panels.size(); p++) {
            append(out, panels.get(p), LABELS + p * (PANEL + GAP));
        }
        return out.append("</svg></div></div>\n").toString();
    }

    private void append(StringBuilder out, Panel panel, int left) {
        Scale x = new Scale(low, 1, left, left + PANEL);
        int bottom = TOP + arms.size() * ROW;
        out.append(Svg.text("title", left, 18, "start", panel.title()));
        for (double tick : Svg.ticks(low, 1, 3)) {
            if (tick <= 1 + 1e-9 && tick >= low - 1e-9) {
                out.append(Svg.line("grid", x.at(tick), TOP - 6, x.at(tick), bottom));
                out.append(Svg.text("tick", x.at(tick), bottom + 15, "middle", Numbers.fixed(tick, 1)));
            }
        }
        out.append(Svg.line("chance", x.at(0.5), TOP - 6, x.at(0.5), bottom));
        arms.stream()
                .filter(arm -> arm.kind() == ArmReport.Kind.BASELINE)
                .findFirst()
                .flatMap(arm -> panel.of(arm, TextSet.FIXED))
                .ifPresent(e -> out.append(Svg.line("reference", x.at(e.value()), TOP - 6, x.at(e.value()), bottom)));
        for (int a = 0; a < arms.size(); a++) {
            double y = TOP + (a + 0.5) * ROW;
            boolean baseline = arms.get(a).kind() == ArmReport.Kind.BASELINE;
            panel.of(arms.get(a), TextSet.FIXED).ifPresent(e -> append(out, e, x, baseline ? y : y - 5, ""));
            if (!baseline) {
                panel.of(arms.get(a), TextSet.OWN).ifPresent(e -> append(out, e, x, y + 6, " own"));
            }
        }
        out.append('\n');
    }

    private static void append(StringBuilder out, Estimate estimate, Scale x, double y, String style) {
        if (estimate.lower() != null && estimate.upper() != null) {
            out.append(Svg.line("whisker" + style, x.at(estimate.lower()), y, x.at(estimate.upper()), y));
        }
        out.append(Legend.marker(0, x.at(estimate.value()), y, "dot" + style));
    }
}
