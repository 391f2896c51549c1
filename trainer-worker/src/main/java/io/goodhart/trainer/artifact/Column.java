package io.goodhart.trainer.artifact;

import io.goodhart.modelfiles.safetensors.SafetensorsFile;
import io.goodhart.modelfiles.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** A safetensors file with one float64 vector [N]: {@code scores} and {@code log_probs}. */
public final class Column {
    /** Name of the vector in {@code scores}. */
    public static final String SCORE = "score";

    /** Name of the vector in {@code log_probs}. */
    public static final String LOG_PROB = "log_prob";

    private Column() {}

    public static double[] read(Path path, String name) {
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            return file.doubles(name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static void write(Path path, String name, double[] values) {
        try {
            new SafetensorsWriter().add(name, values, values.length).writeTo(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
