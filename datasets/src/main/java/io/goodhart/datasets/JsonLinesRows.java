package io.goodhart.datasets;

import java.io.IOException;
import java.io.Reader;
import java.util.function.Predicate;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** One JSON object per line; blank lines are no rows. */
final class JsonLinesRows {
    private static final JsonMapper MAPPER = JsonMapper.shared();

    private JsonLinesRows() {}

    static void read(DataSource source, Predicate<Row> visitor) throws IOException {
        try (Reader reader = Utf8.open(source)) {
            Lines lines = new Lines(source, reader);
            for (String line = lines.next(); line != null; line = lines.next()) {
                if (!line.isBlank()
                        && !visitor.test(new Row(source, lines.number(), parse(source, lines.number(), line)))) {
                    return;
                }
            }
        }
    }

    private static ObjectNode parse(DataSource source, long number, String line) {
        try {
            JsonNode node = MAPPER.readTree(line);
            if (node instanceof ObjectNode object) {
                return object;
            }
        } catch (JacksonException e) { // not passed on as the cause: it may quote the row
            throw BadData.row(
                    source,
                    number,
                    "is not JSON, at column %d".formatted(e.getLocation().getColumnNr()));
        }
        throw BadData.row(source, number, "is not a JSON object");
    }
}
