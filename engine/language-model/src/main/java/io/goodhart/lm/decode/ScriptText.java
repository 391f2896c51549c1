package io.goodhart.lm.decode;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Lines of TorchScript. */
final class ScriptText {
    private final StringBuilder lines = new StringBuilder();

    /** An assignment inside a function. */
    void set(String name, String expression) {
        line(2, name + " = " + expression);
    }

    void line(int depth, String line) {
        lines.append("  ".repeat(depth)).append(line).append('\n');
    }

    /** A file beside this class. */
    static String resource(String name) {
        try (InputStream in = ScriptText.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("No resource " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + name, e);
        }
    }

    @Override
    public String toString() {
        return lines.toString();
    }
}
