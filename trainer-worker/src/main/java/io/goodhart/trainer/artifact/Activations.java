package io.goodhart.trainer.artifact;

import io.goodhart.domain.model.ModelRevision;
import io.goodhart.domain.model.Pooling;
import io.goodhart.domain.model.Site;
import io.goodhart.modelfiles.safetensors.SafetensorsFile;
import io.goodhart.modelfiles.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Pooled activations of responses: for each layer one float32 matrix [N,D], rows in the order of the responses. A response
 * without tokens has a row of NaN.
 */
public final class Activations {
    /** What was read, and from which model. */
    public record Source(ModelRevision model, Site site, Pooling pooling) {}

    private final Source source;
    private final int width;
    private final NavigableMap<Integer, float[]> layers;

    private Activations(Source source, int width, NavigableMap<Integer, float[]> layers) {
        this.source = source;
        this.width = width;
        this.layers = layers;
    }

    /**
     * What was read of N responses.
     *
     * @param width D
     * @param layers layer → [N,D], row-major
     */
    public static Activations of(Source source, int width, Map<Integer, float[]> layers) {
        return new Activations(source, width, new TreeMap<>(layers));
    }

    public Source source() {
        return source;
    }

    /** D. */
    public int width() {
        return width;
    }

    public NavigableSet<Integer> layers() {
        return new TreeSet<>(layers.keySet());
    }

    /** N. */
    public int rows() {
        return layers.isEmpty() ? 0 : layers.firstEntry().getValue().length / width;
    }

    /** [N,D], row-major; not a copy. */
    public float[] layer(int layer) {
        float[] values = layers.get(layer);
        if (values == null) {
            throw new IllegalArgumentException("Layer " + layer + " was not captured, only " + layers.keySet());
        }
        return values;
    }

    /** [N,D] as probes read it; not a copy. */
    public io.goodhart.probing.Activations matrix(int layer) {
        return io.goodhart.probing.Activations.of(layer(layer), rows(), width);
    }

    /** Reads every layer that the file has. */
    public static Activations read(Path path) {
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            Map<String, String> metadata = file.metadata();
            Source source = new Source(
                    new ModelRevision(required(metadata, "model"), required(metadata, "model_sha256")),
                    Site.byName(required(metadata, "site")).orElseThrow(),
                    Pooling.valueOf(required(metadata, "pooling").toUpperCase(Locale.ROOT)));
            NavigableMap<Integer, float[]> layers = new TreeMap<>();
            int width = 0;
            for (String name : file.names()) {
                layers.put(Integer.valueOf(name.substring(name.lastIndexOf('.') + 1)), file.floats(name));
                width = Math.toIntExact(file.info(name).shape().getLast());
            }
            return new Activations(source, width, layers);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String required(Map<String, String> metadata, String key) {
        String value = metadata.get(key);
        if (value == null) {
            throw new IllegalArgumentException("The activations do not name their " + key);
        }
        return value;
    }

    public void write(Path path) {
        SafetensorsWriter writer = new SafetensorsWriter()
                .metadata("model", source.model().path())
                .metadata("model_sha256", source.model().sha256())
                .metadata("site", source.site().wireName())
                .metadata("pooling", source.pooling().name().toLowerCase(Locale.ROOT));
        layers.forEach((layer, values) ->
                writer.add(source.site().wireName() + "." + layer, values, values.length / width, width));
        try {
            writer.writeTo(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
