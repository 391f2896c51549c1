package io.goodhart.datasets;

import java.io.IOException;
import java.io.Reader;
import java.util.Map;
import java.util.function.Predicate;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Every line that is not blank is a row with the one field {@code text}. */
final class TextRows {
    /** The field that a plain text has. */
    static final String FIELD = "text";

    private TextRows() {}

    static void read(DataSource source, Predicate<Row> visitor) throws IOException {
        try (Reader reader = Utf8.open(source)) {
            Lines lines = new Lines(source, reader);
            for (String line = lines.next(); line != null; line = lines.next()) {
                if (!line.isBlank() && !visitor.test(new Row(source, lines.number(), fields(line)))) {
                    return;
                }
            }
        }
    }

    private static ObjectNode fields(String line) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        return nodes.objectNode().setAll(Map.of(FIELD, nodes.stringNode(line)));
    }
}
