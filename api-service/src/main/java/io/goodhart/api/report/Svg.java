package io.goodhart.api.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Pieces of SVG. Colours come from the page's style sheet. */
final class Svg {
    private static final int MOST_DECIMALS = 8;

    private Svg() {}

    /** A coordinate with at most two decimals. */
    static String number(double value) {
        String text = String.format(Locale.ROOT, "%.2f", value);
        return text.replaceFirst("\\.?0+$", "").replaceFirst("^-0$", "0");
    }

    /** The opening tag with what a screen reader says. */
    static String open(int width, int height, String title, String description) {
        return "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\"><title>%s</title><desc>%s</desc>\n"
                .formatted(width, height, Html.escaped(title), Html.escaped(title), Html.escaped(description));
    }

    static String line(String classes, double x1, double y1, double x2, double y2) {
        return "<path class=\"%s\" d=\"M%s %sL%s %s\"/>"
                .formatted(classes, number(x1), number(y1), number(x2), number(y2));
    }

    /** A text; {@code anchor} is start, middle or end. */
    static String text(String classes, double x, double y, String anchor, String text) {
        return "<text class=\"%s\" x=\"%s\" y=\"%s\" text-anchor=\"%s\">%s</text>"
                .formatted(classes, number(x), number(y), anchor, Html.escaped(text));
    }

    /** About {@code count} round numbers from at most {@code low} to at least {@code high}, low &lt; high. */
    static List<Double> ticks(double low, double high, int count) {
        double rough = (high - low) / count;
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        double step = power * 10;
        for (double factor : new double[] {1, 2, 2.5, 5}) {
            if (rough <= factor * power * (1 + 1e-9)) {
                step = factor * power;
                break;
            }
        }
        List<Double> ticks = new ArrayList<>();
        long first = (long) Math.floor(low / step + 1e-9);
        long last = (long) Math.ceil(high / step - 1e-9);
        for (long k = first; k <= last; k++) {
            ticks.add(k * step);
        }
        return ticks;
    }

    /** Tick labels with as many decimals as their step needs. */
    static String tickLabel(double tick, double step) {
        int decimals = 0;
        double scaled = step;
        while (decimals < MOST_DECIMALS && Math.abs(scaled - Math.rint(scaled)) > 1e-6 * scaled) {
            scaled *= 10;
            decimals++;
        }
        return Numbers.fixed(tick, decimals);
    }
}
