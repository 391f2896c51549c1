package io.goodhart.probing;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;
import io.goodhart.domain.model.ModelRevision;
import io.goodhart.domain.model.Pooling;
import io.goodhart.domain.model.ProbeRole;
import io.goodhart.domain.model.Site;
import io.goodhart.domain.spec.ProbeSpec;
import io.goodhart.modelfiles.safetensors.SafetensorsFile;
import io.goodhart.modelfiles.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A set of probes as one safetensors file. For the i-th probe: float64 tensors {@code i.mean}, {@code i.scale}, {@code i.weight} [D],
 * {@code i.bias} and {@code i.threshold} [], and beside them {@code i.folded_weight} [D] and {@code i.folded_bias} [] for readers that
 * only score. The header's JSON metadata describes it: {@code format}, {@code probes} (their number), and {@code i.name}, {@code i.role},
 * {@code i.kind}, {@code i.model}, {@code i.model_sha256}, {@code i.site}, {@code i.layer}, {@code i.pooling}. Reading gives back exactly
 * what was written.
 */
public final class ProbeFile {
    /** Value of {@code format} in the metadata. */
    public static final String FORMAT = "goodhart-probes-1";

    private ProbeFile() {}

    /** Writes the probes, whose names must differ; the file appears at once or not at all, and the same set gives the same bytes. */
    public static void write(Path path, List<LinearProbe> probes) throws IOException {
        SafetensorsWriter writer = new SafetensorsWriter();
        writer.metadata("format", FORMAT).metadata("probes", Integer.toString(probes.size()));
        Set<String> names = new HashSet<>();
        for (int i = 0; i < probes.size(); i++) {
            LinearProbe probe = probes.get(i);
            if (!names.add(probe.name())) {
                throw new IllegalArgumentException("Two probes are named " + probe.name());
            }
            describe(writer, i + ".", probe);
            addTensors(writer, i + ".", probe);
        }
        writer.writeTo(path);
    }

    private static void describe(SafetensorsWriter writer, String prefix, LinearProbe probe) {
        ReadPoint point = probe.readPoint();
        writer.metadata(prefix + "name", probe.name())
                .metadata(prefix + "role", wireName(probe.role()))
                .metadata(prefix + "kind", wireName(probe.fit().kind()))
                .metadata(prefix + "model", point.model().path())
                .metadata(prefix + "model_sha256", point.model().sha256())
                .metadata(prefix + "site", point.site().wireName())
                .metadata(prefix + "layer", Integer.toString(point.layer()))
                .metadata(prefix + "pooling", wireName(point.pooling()));
    }

    private static void addTensors(SafetensorsWriter writer, String prefix, LinearProbe probe) {
        FittedProbe fit = probe.fit();
        writer.add(prefix + "mean", fit.standardiser().mean().toArray(), fit.d())
                .add(prefix + "scale", fit.standardiser().scale().toArray(), fit.d())
                .add(prefix + "weight", fit.weight().toArray(), fit.d())
                .add(prefix + "bias", new double[] {fit.bias()})
                .add(prefix + "threshold", new double[] {probe.threshold()})
                .add(prefix + "folded_weight", fit.foldedWeight().toArray(), fit.d())
                .add(prefix + "folded_bias", new double[] {fit.foldedBias()});
    }

    /**
     * Reads the probes in the order in which they were written.
     *
     * @throws InvalidInputException with code {@code probe_file} if the file is not such a set, naming what is wrong
     */
    public static List<LinearProbe> read(Path path) throws IOException {
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            Reader reader = new Reader(String.valueOf(path.getFileName()), file, file.metadata());
            if (!reader.text("format").equals(FORMAT)) {
                throw reader.refuse("format is " + reader.text("format") + ", not " + FORMAT);
            }
            List<LinearProbe> probes = new ArrayList<>();
            int count = reader.integer("probes");
            for (int i = 0; i < count; i++) {
                probes.add(reader.probe(i + "."));
            }
            return List.copyOf(probes);
        }
    }

    private static String wireName(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private record Reader(String name, SafetensorsFile file, Map<String, String> metadata) {
        LinearProbe probe(String prefix) {
            try {
                FittedProbe fit = new FittedProbe(
                        constant(ProbeSpec.Kind.class, prefix + "kind"),
                        new Standardiser(vector(prefix + "mean"), vector(prefix + "scale")),
                        vector(prefix + "weight"),
                        scalar(prefix + "bias"));
                ReadPoint point = new ReadPoint(
                        new ModelRevision(text(prefix + "model"), text(prefix + "model_sha256")),
                        constant(Site.class, prefix + "site"),
                        integer(prefix + "layer"),
                        constant(Pooling.class, prefix + "pooling"));
                ProbeRole role = constant(ProbeRole.class, prefix + "role");
                return new LinearProbe(text(prefix + "name"), role, point, fit, scalar(prefix + "threshold"));
            } catch (IllegalArgumentException e) {
                throw refuse("probe " + prefix + " is not valid: " + e.getMessage());
            }
        }

        String text(String key) {
            String value = metadata.get(key);
            if (value == null) {
                throw refuse("the description lacks " + key);
            }
            return value;
        }

        int integer(String key) {
            String value = text(key);
            if (!value.matches("\\d{1,9}")) {
                throw refuse(key + " is " + value + ", not a count");
            }
            return Integer.parseInt(value);
        }

        <E extends Enum<E>> E constant(Class<E> type, String key) {
            return Enum.valueOf(type, text(key).toUpperCase(Locale.ROOT));
        }

        double scalar(String tensor) {
            DenseVector values = vector(tensor);
            if (values.size() != 1) {
                throw refuse(tensor + " holds " + values.size() + " numbers, not one");
            }
            return values.get(0);
        }

        DenseVector vector(String tensor) {
            if (!file.contains(tensor)) {
                throw refuse("there is no tensor " + tensor);
            }
            return DenseVector.of(file.doubles(tensor));
        }

        InvalidInputException refuse(String what) {
            return new InvalidInputException(new Problem("probe_file", name, what));
        }
    }
}
