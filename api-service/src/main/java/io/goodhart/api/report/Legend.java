package io.goodhart.api.report;

import java.util.List;
import java.util.function.ToIntFunction;

/** Colour, dash and marker of each arm, so that no line is told by colour alone. */
final class Legend {
    private static final int STYLES = 8;
    private static final List<String> DASHES =
            List.of("", "7 3", "2 3", "9 3 2 3", "4 2", "12 4", "1 3", "6 2 1 2 1 2");

    private Legend() {}

    /** A list of names with their lines. */
    static String of(List<String> names, ToIntFunction<String> colour) {
        StringBuilder out = new StringBuilder("<ul class=\"legend\">\n");
        for (String name : names) {
            int style = colour.applyAsInt(name);
            out.append("<li><svg viewBox=\"0 0 34 12\" width=\"34\" height=\"12\" aria-hidden=\"true\">");
            out.append("<path class=\"line s%d\"%s d=\"M1 6H33\"/>".formatted(style % STYLES, dash(style)));
            out.append(marker(style, 17, 6)).append("</svg>");
            out.append(Html.escaped(name)).append("</li>\n");
        }
        return out.append("</ul>\n").toString();
    }

    /** The attribute with this style's dashes, with a space before it. */
    static String dash(int style) {
        String dashes = DASHES.get(style % STYLES);
        return dashes.isEmpty() ? "" : " stroke-dasharray=\"" + dashes + '"';
    }

    static String strokeClass(int style) {
        return "s" + style % STYLES;
    }

    static String fillClass(int style) {
        return "f" + style % STYLES;
    }

    /** A filled marker around (x, y). */
    static String marker(int style, double x, double y) {
        return marker(style, x, y, fillClass(style));
    }

    /** A marker around (x, y) with a class of its own. */
    static String marker(int style, double x, double y, String classes) {
        String path = switch (style % 4) {
            case 0 -> "m-3.2 0a3.2 3.2 0 1 0 6.4 0a3.2 3.2 0 1 0 -6.4 0z";
            case 1 -> "m-2.9 -2.9h5.8v5.8h-5.8z";
            case 2 -> "m0 -3.8l3.6 6.4h-7.2z";
            default -> "m0 -4l4 4l-4 4l-4 -4z";
        };
        return "<path class=\"%s\" d=\"M%s %s%s\"/>".formatted(classes, Svg.number(x), Svg.number(y), path);
    }
}
