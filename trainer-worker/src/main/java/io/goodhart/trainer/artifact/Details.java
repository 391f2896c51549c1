package io.goodhart.trainer.artifact;

import io.goodhart.modelfiles.safetensors.SafetensorsFile;
import io.goodhart.modelfiles.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * The values per text behind an evaluation: float64 vectors by name.
 *
 * @param arrays the vectors; not copies
 * @param metadata what was evaluated with what
 */
public record Details(Map<String, double[]> arrays, Map<String, String> metadata) {
    public Details {
        arrays = Collections.unmodifiableMap(new TreeMap<>(arrays));
        metadata = Collections.unmodifiableMap(new TreeMap<>(metadata));
    }

    public static Details read(Path path) {
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            Map<String, double[]> arrays = new TreeMap<>();
            for (String name : file.names()) {
                arrays.put(name, file.doubles(name));
            }
            return new Details(arrays, file.metadata());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void write(Path path) {
        SafetensorsWriter writer = new SafetensorsWriter();
        metadata.forEach(writer::metadata);
        arrays.forEach((name, values) -> writer.add(name, values, values.length));
        try {
            writer.writeTo(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
