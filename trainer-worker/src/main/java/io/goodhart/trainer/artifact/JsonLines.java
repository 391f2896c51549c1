package io.goodhart.trainer.artifact;

import io.goodhart.db.codec.GoodhartJson;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Files with one JSON object on a line, UTF-8. */
public final class JsonLines {
    private JsonLines() {}

    /** Every row in file order. */
    public static <T> List<T> read(Class<T> type, Path path) {
        List<T> rows = new ArrayList<>();
        try (BufferedReader lines = Files.newBufferedReader(path, StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                rows.add(GoodhartJson.read(type, line));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return rows;
    }

    /** One row after the other. */
    public static void write(Path path, Iterable<?> rows) {
        try (BufferedWriter out = Files.newBufferedWriter(path, StandardCharsets.UTF_8)) {
            for (Object row : rows) {
                out.write(GoodhartJson.write(row));
                out.write('\n');
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The only object of a file. */
    public static <T> T readOne(Class<T> type, Path path) {
        return GoodhartJson.read(type, text(path));
    }

    /** A whole file. */
    public static String text(Path path) {
        try {
            return Files.readString(path, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A file that holds a single JSON object. */
    public static void writeOne(Path path, Object value) {
        write(path, List.of(value));
    }
}
