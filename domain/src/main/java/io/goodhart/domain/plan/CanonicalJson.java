package io.goodhart.domain.plan;

import java.lang.reflect.RecordComponent;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One text for one value: keys sorted, no white space, no absent values, records with the name of their type and without what is {@link NotInKey}. Only for
 * hashing; nobody reads it back.
 */
final class CanonicalJson {
    private final StringBuilder out = new StringBuilder();

    private CanonicalJson() {}

    static String of(Object value) {
        CanonicalJson json = new CanonicalJson();
        json.write(value);
        return json.out.toString();
    }

    private void write(@Nullable Object value) {
        switch (value) {
            case null -> out.append("null");
            case String text -> quote(text);
            case Enum<?> constant -> quote(constant.name());
            case Boolean flag -> out.append(flag);
            case Integer number -> out.append(number);
            case Long number -> out.append(number);
            case Double number -> out.append(finite(number));
            case Map<?, ?> map -> writeMap(map);
            case List<?> list -> writeList(list);
            case Record item -> writeRecord(item);
            default -> throw new IllegalArgumentException("No canonical form for " + value.getClass());
        }
    }

    private static double finite(double number) {
        if (!Double.isFinite(number)) {
            throw new IllegalArgumentException("No canonical form for " + number);
        }
        return number == 0 ? 0.0 : number; // −0.0 and 0.0 are the same number
    }

    private void writeRecord(Record item) {
        Map<String, @Nullable Object> fields = new TreeMap<>();
        for (RecordComponent component : item.getClass().getRecordComponents()) {
            if (!component.isAnnotationPresent(NotInKey.class)) {
                fields.put(component.getName(), read(item, component));
            }
        }
        fields.put("@type", item.getClass().getSimpleName());
        writeMap(fields);
    }

    private static @Nullable Object read(Record item, RecordComponent component) {
        try {
            return component.getAccessor().invoke(item);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException("Cannot read " + component + "; its record must be public", e);
        }
    }

    private void writeMap(Map<?, ?> map) {
        TreeMap<String, @Nullable Object> sorted = new TreeMap<>();
        map.forEach((key, value) -> {
            if (value != null) {
                sorted.put(key.toString(), value);
            }
        });
        out.append('{');
        Iterator<Map.Entry<String, @Nullable Object>> entries =
                sorted.entrySet().iterator();
        while (entries.hasNext()) {
            Map.Entry<String, @Nullable Object> entry = entries.next();
            quote(entry.getKey());
            out.append(':');
            write(entry.getValue());
            out.append(entries.hasNext() ? "," : "");
        }
        out.append('}');
    }

    private void writeList(List<?> list) {
        out.append('[');
        Iterator<?> items = list.iterator();
        while (items.hasNext()) {
            write(items.next());
            out.append(items.hasNext() ? "," : "");
        }
        out.append(']');
    }

    private void quote(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ') {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }
}
