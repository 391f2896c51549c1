package io.goodhart.modelfiles.chat;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Python's {@code json.dumps(value, ensure_ascii=False)}: a space after comma and colon. */
final class PythonJson {
    private static final int WIDEST_INDENT = 16;

    private final StringBuilder out = new StringBuilder();
    private final int indent;

    private PythonJson(int indent) {
        this.indent = indent;
    }

    /** Writes a value; an indent below 0 keeps it on one line. */
    static String write(@Nullable Object value, int indent) {
        PythonJson json = new PythonJson(Math.min(indent, WIDEST_INDENT));
        json.append(value, 0);
        return json.out.toString();
    }

    private void append(@Nullable Object value, int depth) {
        if (out.length() > Budget.TEXT) {
            throw Budget.exceeded("values that are too large");
        }
        switch (value) {
            case Map<?, ?> map -> appendAll('{', map.entrySet().iterator(), '}', depth);
            case Iterable<?> list -> appendAll('[', list.iterator(), ']', depth);
            case Map.Entry<?, ?> entry ->
                appendAll('[', List.of(entry.getKey(), entry.getValue()).iterator(), ']', depth);
            case Boolean truth -> out.append(truth);
            case Number number -> out.append(number);
            case null -> out.append("null");
            default -> out.append(JsonMapper.shared().writeValueAsString(value.toString()));
        }
    }

    private void appendAll(char open, Iterator<?> elements, char close, int depth) {
        out.append(open);
        boolean any = elements.hasNext();
        while (elements.hasNext()) {
            line(depth + 1);
            Object element = elements.next();
            if (open == '{' && element instanceof Map.Entry<?, ?> entry) {
                out.append(JsonMapper.shared().writeValueAsString(String.valueOf(entry.getKey())))
                        .append(": ");
                append(entry.getValue(), depth + 1);
            } else {
                append(element, depth + 1);
            }
            if (elements.hasNext()) {
                out.append(indent < 0 ? ", " : ",");
            }
        }
        if (any) {
            line(depth);
        }
        out.append(close);
    }

    private void line(int depth) {
        if (indent >= 0) {
            out.append('\n').repeat(" ", indent * depth);
        }
    }
}
