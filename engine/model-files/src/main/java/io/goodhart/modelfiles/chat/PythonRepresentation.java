package io.goodhart.modelfiles.chat;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Python's {@code str} and {@code repr}; what is undefined is empty. */
final class PythonRepresentation {
    private final StringBuilder out = new StringBuilder();

    private PythonRepresentation() {}

    static String text(@Nullable Object value) {
        if (value == null) {
            return "";
        }
        if (value instanceof CharSequence text) {
            return text.toString();
        }
        var representation = new PythonRepresentation();
        representation.append(value);
        return representation.out.toString();
    }

    private void append(@Nullable Object value) {
        if (out.length() > Budget.TEXT) {
            throw Budget.exceeded("values that are too large");
        }
        switch (value) {
            case null -> out.append("None");
            case Boolean truth -> out.append(truth ? "True" : "False");
            case Map<?, ?> map -> appendAll('{', map.entrySet().iterator(), '}');
            case Map.Entry<?, ?> pair ->
                appendAll('(', List.of(pair.getKey(), pair.getValue()).iterator(), ')');
            case Iterable<?> list -> appendAll('[', list.iterator(), ']');
            case CharSequence text -> quote(text.toString());
            default -> out.append(value);
        }
    }

    private void appendAll(char open, Iterator<?> elements, char close) {
        out.append(open);
        while (elements.hasNext()) {
            Object element = elements.next();
            if (open == '{' && element instanceof Map.Entry<?, ?> entry) {
                append(entry.getKey());
                out.append(": ");
                append(entry.getValue());
            } else {
                append(element);
            }
            out.append(elements.hasNext() ? ", " : "");
        }
        out.append(close);
    }

    private void quote(String text) {
        char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
        String escaped = text.replace("\\", "\\\\")
                .replace("\n", "\\n")
                .replace("\r", "\\r")
                .replace("\t", "\\t");
        out.append(quote)
                .append(quote == '\'' ? escaped.replace("'", "\\'") : escaped)
                .append(quote);
    }
}
