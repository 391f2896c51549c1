package io.goodhart.api.dataset;

import io.goodhart.datasets.DataSource;
import io.goodhart.datasets.Row;
import io.goodhart.datasets.Rows;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A few rows of a data set, whose texts are not shown unless they are asked for: some are meant to offend. */
final class RowPreview {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private RowPreview() {}

    /**
     * Rows by their position, from 1.
     *
     * @param after position of the row before the first one
     * @param limit rows at most
     */
    static List<PreviewedRow> of(DataSource source, long after, int limit, Texts texts) {
        List<PreviewedRow> rows = new ArrayList<>();
        Rows.readWhile(source, new Predicate<>() {
            private long position;

            @Override
            public boolean test(Row row) {
                position++;
                if (position > after) {
                    rows.add(new PreviewedRow(position, row.number(), shown(row.fields(), texts)));
                }
                return rows.size() < limit;
            }
        });
        return rows;
    }

    private static JsonNode shown(ObjectNode fields, Texts texts) {
        return switch (texts) {
            case MASKED -> masked(fields);
            case PLAIN -> fields;
        };
    }

    private static JsonNode masked(JsonNode value) {
        if (value.isString()) {
            String text = value.asString();
            return NODES.stringNode("[%d characters]".formatted(text.codePointCount(0, text.length())));
        }
        if (value instanceof ArrayNode array) {
            ArrayNode masked = NODES.arrayNode(array.size());
            array.forEach(item -> masked.add(masked(item)));
            return masked;
        }
        if (value instanceof ObjectNode object) {
            ObjectNode masked = NODES.objectNode();
            object.forEachEntry((name, item) -> masked.set(name, masked(item)));
            return masked;
        }
        return value;
    }

    /** Whether texts are shown. */
    enum Texts {
        MASKED,
        PLAIN
    }
}
