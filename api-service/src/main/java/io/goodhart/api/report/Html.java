package io.goodhart.api.report;

/** Text inside markup. */
final class Html {
    private Html() {}

    /** Safe as element content and inside quoted attributes, in HTML and in XML; control characters that XML forbids become spaces. */
    static String escaped(String text) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.appendCodePoint(isAllowed(c) ? c : ' ');
            }
        });
        return out.toString();
    }

    private static boolean isAllowed(int c) {
        return (c >= 0x20 && c < 0x7f)
                || c == '\t'
                || c == '\n'
                || (c >= 0xa0 && c <= 0xd7ff)
                || (c >= 0xe000 && c <= 0xfffd)
                || (c >= 0x10000 && c <= 0x10ffff);
    }

    /** {@code <tag class="style">text</tag>}. */
    static String element(String tag, String style, String text) {
        String classes = style.isEmpty() ? "" : " class=\"" + escaped(style) + '"';
        return "<%s%s>%s</%s>".formatted(tag, classes, escaped(text), tag);
    }
}
