package io.goodhart.probing;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.modelfiles.safetensors.SafetensorsFile;
import io.goodhart.modelfiles.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A set of probes as one safetensors file, all numbers in float64. The i-th probe has the tensors {@code i.mean} and {@code i.scale} [D],
 * {@code i.bias} [], those of its kind, and for each calibrated aggregation {@code i.calibration.NAME} [3]: slope, intercept, threshold.
 *
 * <ul>
 *   <li>{@code logistic}, {@code mean_difference}, {@code max_pooled}: {@code i.weight} [D]
 *   <li>{@code subspace}: {@code i.basis} [k,D], {@code i.readout} [k]
 *   <li>{@code mlp}: {@code i.hidden_weight} [H,D], {@code i.hidden_bias} and {@code i.output} [H]
 *   <li>{@code attention}: {@code i.query} and {@code i.value} [H,D]
 * </ul>
 *
 * <p>Where the probe is a single direction, {@code i.folded_weight} [D] and {@code i.folded_bias} [] are there for readers that only
 * score. The header's JSON metadata describes the set: {@code format}, {@code probes} (their number), and {@code i.name}, {@code i.role},
 * {@code i.kind}, {@code i.model}, {@code i.model_sha256}, {@code i.site}, {@code i.layer}, {@code i.pooling}, {@code i.aggregation}.
 * Reading gives back exactly what was written, and reads the first version too, which had linear probes with an {@code i.threshold} only.
 */
public final class ProbeFile {
    /** Value of {@code format} in the metadata. */
    public static final String FORMAT = "goodhart-probes-2";

    static final String FIRST_FORMAT = "goodhart-probes-1";
    static final String CALIBRATION = "calibration.";

    private ProbeFile() {}

    /** Writes the probes, whose names must differ; the file appears at once or not at all, and the same set gives the same bytes. */
    public static void write(Path path, List<Probe> probes) throws IOException {
        SafetensorsWriter writer = new SafetensorsWriter();
        writer.metadata("format", FORMAT).metadata("probes", Integer.toString(probes.size()));
        Set<String> names = new HashSet<>();
        for (int i = 0; i < probes.size(); i++) {
            Probe probe = probes.get(i);
            if (!names.add(probe.name())) {
                throw new IllegalArgumentException("Two probes are named " + probe.name());
            }
            describe(writer, i + ".", probe);
            addTensors(writer, i + ".", probe);
        }
        writer.writeTo(path);
    }

    private static void describe(SafetensorsWriter writer, String prefix, Probe probe) {
        ReadPoint point = probe.readPoint();
        writer.metadata(prefix + "name", probe.name())
                .metadata(prefix + "role", wireName(probe.role()))
                .metadata(prefix + "kind", wireName(probe.fit().kind()))
                .metadata(prefix + "model", point.model().path())
                .metadata(prefix + "model_sha256", point.model().sha256())
                .metadata(prefix + "site", point.site().wireName())
                .metadata(prefix + "layer", Integer.toString(point.layer()))
                .metadata(prefix + "pooling", wireName(point.pooling()))
                .metadata(prefix + "aggregation", wireName(probe.aggregation()));
    }

    private static void addTensors(SafetensorsWriter writer, String prefix, Probe probe) {
        FittedProbe fit = probe.fit();
        add(writer, prefix + "mean", fit.standardiser().mean());
        add(writer, prefix + "scale", fit.standardiser().scale());
        switch (fit) {
            case LinearFit linear -> {
                add(writer, prefix + "weight", linear.weight());
                add(writer, prefix + "bias", linear.bias());
            }
            case SubspaceFit subspace -> {
                add(writer, prefix + "basis", subspace.basis());
                add(writer, prefix + "readout", subspace.readout());
                add(writer, prefix + "bias", subspace.bias());
            }
            case MlpFit mlp -> {
                add(writer, prefix + "hidden_weight", mlp.weights());
                add(writer, prefix + "hidden_bias", mlp.hiddenBias());
                add(writer, prefix + "output", mlp.output());
                add(writer, prefix + "bias", mlp.bias());
            }
            case AttentionFit attention -> {
                add(writer, prefix + "query", attention.queries());
                add(writer, prefix + "value", attention.values());
                add(writer, prefix + "bias", attention.bias());
            }
        }
        fit.linear().ifPresent(linear -> {
            add(writer, prefix + "folded_weight", linear.foldedWeight());
            add(writer, prefix + "folded_bias", linear.foldedBias());
        });
        probe.calibrations()
                .forEach((aggregation, calibration) -> add(
                        writer,
                        prefix + CALIBRATION + wireName(aggregation),
                        DenseVector.of(calibration.slope(), calibration.intercept(), calibration.threshold())));
    }

    private static void add(SafetensorsWriter writer, String name, double number) {
        writer.add(name, new double[] {number});
    }

    private static void add(SafetensorsWriter writer, String name, DenseVector vector) {
        writer.add(name, vector.toArray(), vector.size());
    }

    private static void add(SafetensorsWriter writer, String name, List<DenseVector> rows) {
        int width = rows.getFirst().size();
        double[] values = new double[rows.size() * width];
        for (int i = 0; i < rows.size(); i++) {
            System.arraycopy(rows.get(i).toArray(), 0, values, i * width, width);
        }
        writer.add(name, values, rows.size(), width);
    }

    /**
     * Reads the probes in the order in which they were written.
     *
     * @throws InvalidInputException with code {@code probe_file} if the file is not such a set, naming what is wrong
     */
    public static List<Probe> read(Path path) throws IOException {
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            return new ProbeFileReader(String.valueOf(path.getFileName()), file, file.metadata()).probes();
        }
    }

    static String wireName(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
