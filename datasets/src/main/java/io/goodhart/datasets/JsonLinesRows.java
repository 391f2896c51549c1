package io.goodhart.datasets;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.Reader;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** One JSON object per line; blank lines are no rows. */
final class JsonLinesRows {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .build();

    /** Where an unpaired surrogate can come from: as bytes it is malformed UTF-8 already. */
    private static final Pattern HALF_ESCAPED = Pattern.compile("\\\\u[dD][89a-fA-F]");

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
        JsonNode node;
        try {
            node = MAPPER.readTree(line);
        } catch (JacksonException e) {
            throw BadData.row(source, number, fault(e));
        }
        if (!(node instanceof ObjectNode object)) {
            throw BadData.row(source, number, "is not a JSON object");
        }
        if (HALF_ESCAPED.matcher(line).find() && !UTF_8.newEncoder().canEncode(node.toString())) {
            throw BadData.row(source, number, "has half a surrogate pair (\\ud800 to \\udfff), which is no character");
        }
        return object;
    }

    /** What is wrong, without what the parser says: it may quote the row. */
    private static String fault(JacksonException fault) {
        return switch (fault) {
            case StreamConstraintsException _ -> "nests too deep, or has a number or a name that is too long";
            case DatabindException _ -> "names a field twice in one object";
            default -> "is not JSON, at column " + fault.getLocation().getColumnNr();
        };
    }
}
