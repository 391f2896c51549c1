package io.goodhart.api.report;

import io.goodhart.api.report.LineChart.Scale;
import io.goodhart.domain.report.Estimate;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/** One mark an arm, with intervals both ways. */
record ScatterPlot(String title, String xLabel, List<Mark> marks) {
    private static final int WIDTH = 300;
    private static final int HEIGHT = 236;
    private static final int LEFT = 42;
    private static final int RIGHT = 12;
    private static final int TOP = 28;
    private static final int BOTTOM = 42;
    private static final int TICKS = 5;

    ScatterPlot {
        marks = List.copyOf(marks);
    }

    /** One arm: across and up. */
    record Mark(String name, int style, Estimate x, Estimate y) {}

    String svg() {
        List<Double> xs = ticks(Mark::x);
        List<Double> ys = ticks(Mark::y);
        Scale x = new Scale(xs.getFirst(), xs.getLast(), LEFT, WIDTH - RIGHT);
        Scale y = new Scale(ys.getFirst(), ys.getLast(), HEIGHT - BOTTOM, TOP);
        StringBuilder out = new StringBuilder("<div class=\"panel\">");
        out.append(Svg.open(WIDTH, HEIGHT, title, description()));
        out.append(Svg.text("title", LEFT, 16, "start", title));
        for (double tick : ys) {
            out.append(Svg.line("grid", LEFT, y.at(tick), WIDTH - RIGHT, y.at(tick)));
            out.append(Svg.text("tick", LEFT - 6, y.at(tick) + 3.5, "end", Svg.tickLabel(tick, step(ys))));
        }
        for (double tick : xs) {
            out.append(Svg.line("grid", x.at(tick), TOP, x.at(tick), HEIGHT - BOTTOM));
            out.append(Svg.text("tick", x.at(tick), HEIGHT - BOTTOM + 15, "middle", Svg.tickLabel(tick, step(xs))));
        }
        out.append(Svg.text("axis", (LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 8, "middle", xLabel));
        for (Mark mark : marks) {
            append(out, mark, x, y);
        }
        return out.append("</svg></div>\n").toString();
    }

    private static void append(StringBuilder out, Mark mark, Scale x, Scale y) {
        double atX = x.at(mark.x().value());
        double atY = y.at(mark.y().value());
        String classes = "error " + Legend.strokeClass(mark.style());
        out.append("<g><title>").append(Html.escaped(mark.name())).append("</title>");
        if (mark.x().lower() != null && mark.x().upper() != null) {
            out.append(
                    Svg.line(classes, x.at(mark.x().lower()), atY, x.at(mark.x().upper()), atY));
        }
        if (mark.y().lower() != null && mark.y().upper() != null) {
            out.append(Svg.line(
                    classes, atX, y.at(mark.y().lower()), atX, y.at(mark.y().upper())));
        }
        out.append(Legend.marker(mark.style(), atX, atY)).append("</g>\n");
    }

    private List<Double> ticks(Function<Mark, Estimate> axis) {
        double[] ends = marks.stream()
                .map(axis)
                .flatMapToDouble(e -> DoubleStream.of(or(e.lower(), e.value()), or(e.upper(), e.value())))
                .sorted()
                .toArray();
        double low = ends[0];
        double high = Math.max(ends[ends.length - 1], low + 0.05);
        return Svg.ticks(low, high, TICKS);
    }

    private static double or(@Nullable Double value, double otherwise) {
        return Objects.requireNonNullElse(value, otherwise);
    }

    private static double step(List<Double> ticks) {
        return ticks.get(1) - ticks.get(0);
    }

    private String description() {
        return marks.stream()
                .map(mark -> "%s: %s across, %s up"
                        .formatted(
                                mark.name(),
                                Numbers.compact(mark.x().value()),
                                Numbers.fixed(mark.y().value(), 2)))
                .collect(Collectors.joining("; "));
    }
}
