package io.goodhart.api.report;

import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.stream.IntStream;

/** A square matrix of numbers in [−1, 1]. */
record HeatMap(String title, List<String> names, List<List<Double>> rows) {
    private static final int WIDTH = 340;
    private static final int TOP = 28;
    private static final int LEFT = 78;
    private static final int MOST_WITH_NUMBERS = 14;

    String svg() {
        int n = rows.size();
        double side = (double) (WIDTH - LEFT - 8) / n;
        int height = (int) Math.ceil(TOP + side * n + 8);
        StringBuilder out = new StringBuilder("<div class=\"panel\">");
        out.append(Svg.open(WIDTH, height, title, description()));
        out.append(Svg.text("title", 0, 16, "start", title));
        for (int i = 0; i < n; i++) {
            double y = TOP + i * side;
            String name = i < names.size() ? names.get(i) : String.valueOf(i);
            out.append(Svg.text("tick", LEFT - 6, y + side / 2 + 3.5, "end", TerminalReport.shortened(name)));
            for (int j = 0; j < n; j++) {
                double value = rows.get(i).get(j);
                double x = LEFT + j * side;
                out.append("<rect class=\"cell %s\" fill-opacity=\"%s\" x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\"/>"
                        .formatted(
                                value < 0 ? "f1" : "f0",
                                Svg.number(0.06 + 0.74 * Math.abs(value)),
                                Svg.number(x + 0.5),
                                Svg.number(y + 0.5),
                                Svg.number(side - 1),
                                Svg.number(side - 1)));
                if (n <= MOST_WITH_NUMBERS && i != j) {
                    String number = Numbers.fixed(value, 2).replaceFirst("^(−?)0\\.", "$1.");
                    out.append(Svg.text(
                            n > 8 ? "number small" : "number", x + side / 2, y + side / 2 + 3, "middle", number));
                }
            }
            out.append('\n');
        }
        return out.append("</svg></div>\n").toString();
    }

    private String description() {
        DoubleSummaryStatistics s = IntStream.range(0, rows.size())
                .boxed()
                .flatMapToDouble(
                        i -> IntStream.range(0, i).mapToDouble(j -> rows.get(i).get(j)))
                .summaryStatistics();
        if (s.getCount() == 0) {
            return "one probe";
        }
        return "mean %s, from %s to %s"
                .formatted(
                        Numbers.fixed(s.getAverage(), 2), Numbers.fixed(s.getMin(), 2), Numbers.fixed(s.getMax(), 2));
    }
}
