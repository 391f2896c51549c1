package io.goodhart.datasets;

import dev.hardwood.InputFile;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.reader.RowReader;
import dev.hardwood.row.PqList;
import dev.hardwood.row.PqMap;
import dev.hardwood.row.PqStruct;
import dev.hardwood.row.StructAccessor;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Rows of a Parquet file, one row group at a time; lists, maps and structures become JSON arrays and objects. */
final class ParquetRows {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /** The file's name, which may be a temporary one's, and advice to who builds the library in. */
    private static final Pattern LIBRARYS_OWN =
            Pattern.compile("^\\[[^]]*] |: required library not found\\..*$", Pattern.DOTALL);

    private ParquetRows() {}

    static void read(DataSource source, Predicate<Row> visitor) throws IOException {
        if (!Files.exists(source.file())) {
            throw new NoSuchFileException(source.file().toString());
        }
        try (ParquetFileReader file = decoded(source, () -> ParquetFileReader.open(InputFile.of(source.file())));
                RowReader rows = decoded(source, file::rowReader)) {
            long number = 0;
            while (true) {
                Optional<ObjectNode> fields = decoded(source, () -> next(rows));
                if (fields.isEmpty() || !visitor.test(new Row(source, ++number, fields.get()))) {
                    return;
                }
            }
        }
    }

    private static Optional<ObjectNode> next(RowReader rows) {
        if (!rows.hasNext()) {
            return Optional.empty();
        }
        rows.next();
        return Optional.of(object(rows));
    }

    /** What the library throws of broken bytes has many types: whatever fails while decoding is the file's fault. */
    private static <T> T decoded(DataSource source, Callable<T> decoding) {
        try {
            return decoding.call();
        } catch (Exception e) {
            throw BadData.file(
                    source, "is no Parquet file, is cut off, is damaged or has an unknown codec: " + reason(e), e);
        }
    }

    /** What went wrong first. */
    private static String reason(Exception failure) {
        Throwable first = failure;
        while (first.getCause() != null) {
            first = first.getCause();
        }
        String message =
                Objects.requireNonNullElse(first.getMessage(), first.getClass().getSimpleName());
        return LIBRARYS_OWN.matcher(message).replaceAll("");
    }

    private static ObjectNode object(StructAccessor struct) {
        ObjectNode object = NODES.objectNode();
        for (int i = 0; i < struct.getFieldCount(); i++) {
            object.set(struct.getFieldName(i), struct.isNull(i) ? NODES.nullNode() : node(struct.getValue(i)));
        }
        return object;
    }

    private static JsonNode node(Object value) {
        return switch (value) {
            case null -> NODES.nullNode();
            case String text -> NODES.stringNode(text);
            case Boolean flag -> NODES.booleanNode(flag);
            case Integer number -> NODES.numberNode(number);
            case Long number -> NODES.numberNode(number);
            case Float number -> NODES.numberNode(number);
            case Double number -> NODES.numberNode(number);
            case BigDecimal number -> NODES.numberNode(number);
            case byte[] bytes -> NODES.binaryNode(bytes);
            case PqStruct struct -> object(struct);
            case PqList list -> array(list);
            case PqMap map -> map(map);
            default -> NODES.stringNode(value.toString()); // dates, times, identifiers
        };
    }

    private static ArrayNode array(PqList list) {
        ArrayNode array = NODES.arrayNode(list.size());
        list.values().forEach(value -> array.add(node(value)));
        return array;
    }

    private static ObjectNode map(PqMap map) {
        ObjectNode object = NODES.objectNode();
        map.getEntries().forEach(entry -> object.set(String.valueOf(entry.getKey()), node(entry.getValue())));
        return object;
    }
}
