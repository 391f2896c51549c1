package io.goodhart.datasets;

import io.goodhart.domain.model.ColumnFacts;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** What was seen of one column. */
final class ColumnCount {
    private final boolean untyped;
    private final Map<ColumnFacts.Type, Long> types = new EnumMap<>(ColumnFacts.Type.class);
    private long present;
    private long empty;

    /** @param untyped whether numbers are written as texts */
    ColumnCount(boolean untyped) {
        this.untyped = untyped;
    }

    void add(JsonNode value) {
        if (value.isNull()) {
            return;
        }
        present++;
        if (value.isString() && value.asString().isBlank()) {
            empty++;
            return;
        }
        types.merge(type(value), 1L, Long::sum);
    }

    ColumnFacts facts(String name, long rows) {
        return new ColumnFacts(name, types(), rows - present, empty);
    }

    private List<ColumnFacts.Type> types() {
        boolean texts = untyped && types.containsKey(ColumnFacts.Type.TEXT);
        return texts ? List.of(ColumnFacts.Type.TEXT) : List.copyOf(types.keySet());
    }

    private ColumnFacts.Type type(JsonNode value) {
        return switch (value.getNodeType()) {
            case STRING ->
                untyped && Row.parsed(value.asString()).isPresent() ? ColumnFacts.Type.NUMBER : ColumnFacts.Type.TEXT;
            case NUMBER -> ColumnFacts.Type.NUMBER;
            case BOOLEAN -> ColumnFacts.Type.BOOLEAN;
            case ARRAY -> ColumnFacts.Type.LIST;
            case OBJECT -> ColumnFacts.Type.OBJECT;
            case BINARY, NULL, MISSING, POJO -> ColumnFacts.Type.BYTES;
        };
    }
}
