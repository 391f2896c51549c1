package io.goodhart.api.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** One self-contained page: well-formed XML too, no scripts, no external assets, printable, light and dark. */
final class HtmlPage {
    private static final String HEAD = """
            <!DOCTYPE html>
            <html xmlns="http://www.w3.org/1999/xhtml" lang="en">
            <head>
            <meta charset="utf-8"/>
            <meta name="viewport" content="width=device-width, initial-scale=1"/>
            <meta name="color-scheme" content="light dark"/>
            <meta name="robots" content="noindex"/>
            """;

    private HtmlPage() {}

    /** @param body markup */
    static String of(String title, String body) {
        return HEAD
                + "<title>" + Html.escaped(title) + "</title>\n"
                + "<style>\n" + style() + "</style>\n</head>\n<body>\n<main>\n"
                + body
                + "</main>\n</body>\n</html>\n";
    }

    private static String style() {
        try (InputStream css = Objects.requireNonNull(
                HtmlPage.class.getResourceAsStream("report.css"), "report.css is missing on the class path")) {
            return new String(css.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
