package io.goodhart.api.report;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Lines with bands over a whole-numbered axis.
 *
 * @param low what the vertical axis must show at least; null: what the data need
 * @param high what the vertical axis must show at least; null: what the data need
 * @param chance where a dotted line is drawn
 * @param marked a place on the horizontal axis to mark
 */
record LineChart(
        String title,
        String xLabel,
        List<Line> lines,
        @Nullable Double low,
        @Nullable Double high,
        @Nullable Double chance,
        @Nullable Integer marked) {
    private static final int WIDTH = 300;
    private static final int HEIGHT = 216;
    private static final int LEFT = 46;
    private static final int RIGHT = 12;
    private static final int TOP = 28;
    private static final int BOTTOM = 40;
    private static final int MOST_X_TICKS = 11;

    LineChart {
        lines = List.copyOf(lines);
    }

    /** One line: a name, the style of its arm, points in the order of x. */
    record Line(String name, int style, List<Point> points) {
        Line {
            points = List.copyOf(points);
        }
    }

    /** A mean with the band around it; hollow if it is rough. */
    record Point(int x, double mean, double lower, double upper, boolean hollow) {}

    static LineChart of(String title, String xLabel, List<Line> lines) {
        return new LineChart(title, xLabel, lines, null, null, null, null);
    }

    LineChart from(double value) {
        return new LineChart(title, xLabel, lines, value, high, chance, marked);
    }

    LineChart upTo(double value) {
        return new LineChart(title, xLabel, lines, low, value, chance, marked);
    }

    LineChart withChance(double value) {
        return new LineChart(title, xLabel, lines, low, high, value, marked);
    }

    LineChart marking(int x) {
        return new LineChart(title, xLabel, lines, low, high, chance, x);
    }

    String svg() {
        double[] ys = lines.stream()
                .flatMap(line -> line.points().stream())
                .flatMapToDouble(p -> DoubleStream.of(p.lower(), p.upper()))
                .toArray();
        int firstX = extreme(false);
        int lastX = Math.max(extreme(true), firstX + 1);
        List<Double> ticks = ticks(ys);
        Scale x = new Scale(firstX, lastX, LEFT, WIDTH - RIGHT);
        Scale y = new Scale(ticks.getFirst(), ticks.getLast(), HEIGHT - BOTTOM, TOP);
        StringBuilder out = new StringBuilder("<div class=\"panel\">");
        out.append(Svg.open(WIDTH, HEIGHT, title, description()));
        out.append(Svg.text("title", LEFT, 16, "start", title));
        for (double tick : ticks) {
            out.append(Svg.line("grid", LEFT, y.at(tick), WIDTH - RIGHT, y.at(tick)));
            String label = Svg.tickLabel(tick, ticks.get(1) - ticks.get(0));
            out.append(Svg.text("tick", LEFT - 6, y.at(tick) + 3.5, "end", label));
        }
        int every = Math.ceilDiv(lastX - firstX + 1, MOST_X_TICKS);
        for (int tick = firstX; tick <= lastX; tick += every) {
            out.append(Svg.text("tick", x.at(tick), HEIGHT - BOTTOM + 15, "middle", String.valueOf(tick)));
        }
        out.append(Svg.text("axis", (LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 6, "middle", xLabel));
        if (chance != null && chance > ticks.getFirst() && chance < ticks.getLast()) {
            out.append(Svg.line("chance", LEFT, y.at(chance), WIDTH - RIGHT, y.at(chance)));
        }
        if (marked != null) {
            out.append(Svg.line("marked", x.at(marked), TOP, x.at(marked), HEIGHT - BOTTOM));
        }
        lines.forEach(line -> out.append(band(line, x, y)));
        lines.forEach(line -> out.append(curve(line, x, y)));
        return out.append("</svg></div>\n").toString();
    }

    private List<Double> ticks(double[] ys) {
        double bottom = Math.min(low == null ? Double.MAX_VALUE : low, min(ys));
        double top = Math.max(high == null ? -Double.MAX_VALUE : high, -min(negated(ys)));
        if (top - bottom < 1e-9) {
            top = bottom + Math.max(0.1, Math.abs(bottom) * 0.1);
        }
        return Svg.ticks(bottom, top, 5);
    }

    private static double min(double[] values) {
        return Arrays.stream(values).min().orElse(0);
    }

    private static double[] negated(double[] values) {
        return Arrays.stream(values).map(v -> -v).toArray();
    }

    private int extreme(boolean largest) {
        IntStream xs = lines.stream().flatMap(line -> line.points().stream()).mapToInt(Point::x);
        return largest ? xs.max().orElse(1) : xs.min().orElse(0);
    }

    private static String band(Line line, Scale x, Scale y) {
        List<Point> points = line.points();
        if (points.size() < 2 || points.stream().allMatch(p -> p.upper() == p.lower())) {
            return "";
        }
        String there = path(points, x, y, Point::upper);
        String back = path(points.reversed(), x, y, Point::lower);
        return "<path class=\"band %s\" d=\"M%sL%sZ\"/>\n".formatted(Legend.fillClass(line.style()), there, back);
    }

    private static String curve(Line line, Scale x, Scale y) {
        String path = path(line.points(), x, y, Point::mean);
        String markers = line.points().stream()
                .map(p -> Legend.marker(line.style(), x.at(p.x()), y.at(p.mean()), classes(line, p)))
                .collect(Collectors.joining());
        return "<g><title>%s</title><path class=\"line %s\"%s d=\"M%s\"/>%s</g>\n"
                .formatted(
                        Html.escaped(line.name()),
                        Legend.strokeClass(line.style()),
                        Legend.dash(line.style()),
                        path,
                        markers);
    }

    private static String classes(Line line, Point point) {
        return point.hollow() ? "hollow " + Legend.strokeClass(line.style()) : Legend.fillClass(line.style());
    }

    private static String path(List<Point> points, Scale x, Scale y, ToDoubleFunction<Point> value) {
        return points.stream()
                .map(p -> Svg.number(x.at(p.x())) + " " + Svg.number(y.at(value.applyAsDouble(p))))
                .collect(Collectors.joining("L"));
    }

    private String description() {
        return lines.stream()
                .map(line -> "%s: %s at %d to %s at %d"
                        .formatted(
                                line.name(),
                                Numbers.compact(line.points().getFirst().mean()),
                                line.points().getFirst().x(),
                                Numbers.compact(line.points().getLast().mean()),
                                line.points().getLast().x()))
                .collect(Collectors.joining("; "));
    }

    /** From data to drawing. */
    record Scale(double low, double high, double from, double to) {
        double at(double value) {
            return from + (value - low) / (high - low) * (to - from);
        }
    }
}
