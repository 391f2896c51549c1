package io.goodhart.api.dataset;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;
import io.goodhart.domain.model.DataFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Finds how a file's rows are written. */
final class FormatGuess {
    private static final String PARQUET = "PAR1";

    private FormatGuess() {}

    /**
     * Parquet says what it is, JSON objects begin with a brace; of the others the name must say it.
     *
     * @param name what the file was called
     */
    static DataFormat of(Path file, String name) throws IOException {
        String start = start(file);
        if (start.startsWith(PARQUET)) {
            return DataFormat.PARQUET;
        }
        return DataFormat.ofName(name)
                .or(() -> Optional.of(DataFormat.JSON_LINES)
                        .filter(_ -> start.strip().startsWith("{")))
                .orElseThrow(() -> new InvalidInputException(new Problem(
                        "unknown_format",
                        "format",
                        "Neither the name of %s nor its first bytes say its format: give json_lines, csv, tsv, text or parquet"
                                .formatted(name))));
    }

    private static String start(Path file) throws IOException {
        try (InputStream bytes = Files.newInputStream(file)) {
            return new String(bytes.readNBytes(64), StandardCharsets.ISO_8859_1);
        }
    }
}
