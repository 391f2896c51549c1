package io.goodhart.trainer.artifact;

import io.goodhart.domain.model.ModelRevision;
import io.goodhart.domain.model.Pooling;
import io.goodhart.domain.model.Site;
import io.goodhart.modelfiles.safetensors.SafetensorsFile;
import io.goodhart.modelfiles.safetensors.SafetensorsWriter;
import io.goodhart.probing.TokenActivations;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Activations of responses by layer. In the file a pooled layer is a float32 matrix [N,D], rows in the order of the responses, and a
 * response without tokens has a row of NaN. Where tokens are kept it is [ΣT,D], and {@code offsets} [N+1] says where each response starts.
 */
public final class Activations {
    private static final String OFFSETS = "offsets";

    /** What was read, and from which model. */
    public record Source(ModelRevision model, Site site, Pooling pooling) {}

    /** Gives a layer; from a file, anew each time, because all of them may be more than memory holds. */
    private interface Layers {
        TokenActivations get(int layer);
    }

    private final Source source;
    private final NavigableSet<Integer> numbers;
    private final Layers layers;

    private Activations(Source source, NavigableSet<Integer> numbers, Layers layers) {
        this.source = source;
        this.numbers = numbers;
        this.layers = layers;
    }

    /** What was read of the same responses at each layer, one or more. */
    public static Activations of(Source source, Map<Integer, TokenActivations> layers) {
        Map<Integer, TokenActivations> copy = new TreeMap<>(layers);
        return new Activations(source, new TreeSet<>(copy.keySet()), layer -> {
            TokenActivations present = copy.get(layer);
            if (present == null) {
                throw new IllegalArgumentException("Layer " + layer + " was not captured, only " + copy.keySet());
            }
            return present;
        });
    }

    public Source source() {
        return source;
    }

    public NavigableSet<Integer> layers() {
        return new TreeSet<>(numbers);
    }

    /** Activations of all responses at a layer. */
    public TokenActivations layer(int layer) {
        return layers.get(layer);
    }

    /** Looks at what the file has; layers are read when they are asked for. */
    public static Activations read(Path path) {
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            Map<String, String> metadata = file.metadata();
            Source source = new Source(
                    new ModelRevision(required(metadata, "model"), required(metadata, "model_sha256")),
                    Site.byName(required(metadata, "site")).orElseThrow(),
                    Pooling.valueOf(required(metadata, "pooling").toUpperCase(Locale.ROOT)));
            NavigableSet<Integer> numbers = new TreeSet<>();
            file.names().stream()
                    .filter(name -> !name.equals(OFFSETS))
                    .forEach(name -> numbers.add(Integer.valueOf(name.substring(name.lastIndexOf('.') + 1))));
            return new Activations(source, numbers, layer -> read(path, name(source.site(), layer)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static TokenActivations read(Path path, String name) {
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            if (!file.contains(name)) {
                throw new IllegalArgumentException(name + " was not captured, only " + file.names());
            }
            int width = Math.toIntExact(file.info(name).shape().getLast());
            float[] values = file.floats(name);
            if (!file.contains(OFFSETS)) {
                return withoutEmpty(values, width);
            }
            int[] offsets = Arrays.stream(file.longs(OFFSETS))
                    .mapToInt(Math::toIntExact)
                    .toArray();
            return TokenActivations.of(
                    io.goodhart.probing.Activations.of(values, values.length / width, width), offsets);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A row of NaN is a response without tokens; a damaged activation seldom is. */
    private static TokenActivations withoutEmpty(float[] valuesND, int width) {
        int n = valuesND.length / width;
        int[] offsets = new int[n + 1];
        for (int i = 0; i < n; i++) {
            int row = i;
            boolean empty = IntStream.range(0, width).allMatch(d -> Float.isNaN(valuesND[row * width + d]));
            offsets[i + 1] = offsets[i] + (empty ? 0 : 1);
        }
        int[] kept =
                IntStream.range(0, n).filter(i -> offsets[i + 1] > offsets[i]).toArray();
        io.goodhart.probing.Activations all = io.goodhart.probing.Activations.of(valuesND, n, width);
        return TokenActivations.of(kept.length == n ? all : all.rows(kept), offsets);
    }

    private static String required(Map<String, String> metadata, String key) {
        String value = metadata.get(key);
        if (value == null) {
            throw new IllegalArgumentException("The activations do not name their " + key);
        }
        return value;
    }

    private static String name(Site site, int layer) {
        return site.wireName() + "." + layer;
    }

    public void write(Path path) {
        SafetensorsWriter writer = new SafetensorsWriter()
                .metadata("model", source.model().path())
                .metadata("model_sha256", source.model().sha256())
                .metadata("site", source.site().wireName())
                .metadata("pooling", source.pooling().name().toLowerCase(Locale.ROOT));
        for (int layer : numbers) {
            TokenActivations texts = layers.get(layer);
            String name = name(source.site(), layer);
            if (source.pooling() == Pooling.PER_TOKEN) {
                writer.add(name, texts.rows().valuesND(), texts.rows().n(), texts.d());
            } else {
                writer.add(name, withEmpty(texts), texts.n(), texts.d());
            }
        }
        if (source.pooling() == Pooling.PER_TOKEN) {
            int[] offsets = layers.get(numbers.first()).offsets();
            writer.add(OFFSETS, Arrays.stream(offsets).asLongStream().toArray(), offsets.length);
        }
        try {
            writer.writeTo(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static float[] withEmpty(TokenActivations texts) {
        int width = texts.d();
        float[] valuesND = new float[Math.multiplyExact(texts.n(), width)];
        Arrays.fill(valuesND, Float.NaN);
        for (int i : texts.withRows()) {
            System.arraycopy(texts.rows().valuesND(), texts.from(i) * width, valuesND, i * width, width);
        }
        return valuesND;
    }
}
