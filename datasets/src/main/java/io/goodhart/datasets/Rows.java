package io.goodhart.datasets;

import io.goodhart.domain.InvalidInputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.NoSuchFileException;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Reads data files row by row: memory does not grow with the file. */
public final class Rows {
    private Rows() {}

    /** @throws InvalidInputException if the file is missing, is not UTF-8, or is not what its format says */
    public static void read(DataSource source, Consumer<Row> consumer) {
        readWhile(source, row -> {
            consumer.accept(row);
            return true;
        });
    }

    /**
     * Reads rows up to the one that is the last to be wanted.
     *
     * @param visitor whether to go on
     */
    public static void readWhile(DataSource source, Predicate<Row> visitor) {
        try {
            switch (source.format()) {
                case JSON_LINES -> JsonLinesRows.read(source, visitor);
                case CSV -> CsvRows.read(source, ',', visitor);
                case TSV -> CsvRows.read(source, '\t', visitor);
                case TEXT -> TextRows.read(source, visitor);
                case PARQUET -> ParquetRows.read(source, visitor);
            }
        } catch (UncheckedIOException e) {
            throw refusal(source, Objects.requireNonNull(e.getCause()));
        } catch (IOException e) {
            throw refusal(source, e);
        }
    }

    private static RuntimeException refusal(DataSource source, IOException failure) {
        if (failure instanceof NoSuchFileException) {
            return BadData.notFound(source);
        }
        if (failure instanceof CharacterCodingException) {
            return BadData.encoding(source, "is not UTF-8: malformed bytes in line " + malformedLine(source));
        }
        return new UncheckedIOException("Cannot read " + source.file(), failure);
    }

    private static long malformedLine(DataSource source) {
        try {
            return Utf8.malformedLine(source);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + source.file(), e);
        }
    }
}
