package io.goodhart.datasets;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads a file with one JSON object per line, row by row: memory does not grow with the file. */
final class JsonLines {
    private static final JsonMapper MAPPER = JsonMapper.shared();

    private JsonLines() {}

    /** @throws InvalidInputException if the file is missing, is not UTF-8, or has a line that is not an object */
    static void read(Path file, Consumer<Row> consumer) {
        long number = 0;
        try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            String line = reader.readLine();
            while (line != null) {
                number++;
                if (!line.isBlank()) {
                    consumer.accept(new Row(file, number, parse(file, number, line)));
                }
                line = reader.readLine();
            }
        } catch (NoSuchFileException e) {
            throw refused("dataset_not_found", "There is no data file " + file.getFileName(), e);
        } catch (CharacterCodingException e) {
            throw refused(
                    "wrong_encoding",
                    "%s is not UTF-8, at or after row %d".formatted(file.getFileName(), number + 1),
                    e);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file, e);
        }
    }

    private static JsonNode parse(Path file, long number, String line) {
        try {
            JsonNode node = MAPPER.readTree(line);
            if (node.isObject()) {
                return node;
            }
        } catch (JacksonException e) {
            throw new InvalidInputException(
                    new Problem( // without the cause, which may quote the row
                            "bad_row",
                            null,
                            "Row %d of %s is not JSON, at column %d"
                                    .formatted(
                                            number,
                                            file.getFileName(),
                                            e.getLocation().getColumnNr())));
        }
        throw new InvalidInputException(new Problem(
                "bad_row", null, "Row %d of %s is not a JSON object".formatted(number, file.getFileName())));
    }

    private static InvalidInputException refused(String code, String message, Exception cause) {
        InvalidInputException refusal = new InvalidInputException(new Problem(code, null, message));
        refusal.initCause(cause);
        return refusal;
    }
}
