package io.goodhart.datasets;

import java.util.function.BiConsumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The fields of rows by name, those of objects inside with dots. */
final class Columns {
    private Columns() {}

    /** Every value that is no object. */
    static void leaves(ObjectNode fields, BiConsumer<String, JsonNode> consumer) {
        leaves("", fields, consumer);
    }

    private static void leaves(String prefix, ObjectNode fields, BiConsumer<String, JsonNode> consumer) {
        fields.forEachEntry((name, value) -> {
            if (value instanceof ObjectNode inner && !inner.isEmpty()) {
                leaves(prefix + name + ".", inner, consumer);
            } else {
                consumer.accept(prefix + name, value);
            }
        });
    }
}
