package io.goodhart.probing;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;
import io.goodhart.domain.model.Aggregation;
import io.goodhart.domain.model.ModelRevision;
import io.goodhart.domain.model.Pooling;
import io.goodhart.domain.model.ProbeRole;
import io.goodhart.domain.model.Site;
import io.goodhart.domain.spec.ProbeSpec;
import io.goodhart.modelfiles.safetensors.SafetensorsFile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads an open {@link ProbeFile}. */
record ProbeFileReader(String name, SafetensorsFile file, Map<String, String> metadata) {
    List<Probe> probes() {
        String format = text("format");
        if (!format.equals(ProbeFile.FORMAT) && !format.equals(ProbeFile.FIRST_FORMAT)) {
            throw refuse("format is " + format + ", not " + ProbeFile.FORMAT);
        }
        List<Probe> probes = new ArrayList<>();
        int count = integer("probes");
        for (int i = 0; i < count; i++) {
            probes.add(probe(i + ".", format.equals(ProbeFile.FIRST_FORMAT)));
        }
        return List.copyOf(probes);
    }

    private Probe probe(String prefix, boolean first) {
        try {
            FittedProbe fit = fit(prefix);
            ReadPoint point = new ReadPoint(
                    new ModelRevision(text(prefix + "model"), text(prefix + "model_sha256")),
                    constant(Site.class, prefix + "site"),
                    integer(prefix + "layer"),
                    constant(Pooling.class, prefix + "pooling"));
            ProbeRole role = constant(ProbeRole.class, prefix + "role");
            String probeName = text(prefix + "name");
            if (first) {
                Calibration calibration = Calibration.uncalibrated(scalar(prefix + "threshold"));
                return Probe.pooled(probeName, role, point, (LinearFit) fit, calibration);
            }
            Aggregation aggregation = constant(Aggregation.class, prefix + "aggregation");
            return new Probe(probeName, role, point, fit, aggregation, calibrations(prefix));
        } catch (IllegalArgumentException e) {
            throw refuse("probe " + prefix + " is not valid: " + e.getMessage());
        }
    }

    private FittedProbe fit(String prefix) {
        ProbeSpec.Kind kind = constant(ProbeSpec.Kind.class, prefix + "kind");
        Standardiser standardiser = new Standardiser(vector(prefix + "mean"), vector(prefix + "scale"));
        return switch (kind) {
            case LOGISTIC, MEAN_DIFFERENCE, MAX_POOLED ->
                new LinearFit(kind, standardiser, vector(prefix + "weight"), scalar(prefix + "bias"));
            case SUBSPACE ->
                new SubspaceFit(
                        standardiser, rows(prefix + "basis"), vector(prefix + "readout"), scalar(prefix + "bias"));
            case MLP ->
                new MlpFit(
                        standardiser,
                        rows(prefix + "hidden_weight"),
                        vector(prefix + "hidden_bias"),
                        vector(prefix + "output"),
                        scalar(prefix + "bias"));
            case ATTENTION ->
                new AttentionFit(standardiser, rows(prefix + "query"), rows(prefix + "value"), scalar(prefix + "bias"));
        };
    }

    private Map<Aggregation, Calibration> calibrations(String prefix) {
        Map<Aggregation, Calibration> calibrations = new EnumMap<>(Aggregation.class);
        for (Aggregation aggregation : Aggregation.values()) {
            String tensor = prefix + ProbeFile.CALIBRATION + ProbeFile.wireName(aggregation);
            if (file.contains(tensor)) {
                DenseVector numbers = vector(tensor);
                if (numbers.size() != 3) {
                    throw refuse(tensor + " holds " + numbers.size() + " numbers, not three");
                }
                calibrations.put(aggregation, new Calibration(numbers.get(0), numbers.get(1), numbers.get(2)));
            }
        }
        return calibrations;
    }

    private String text(String key) {
        String value = metadata.get(key);
        if (value == null) {
            throw refuse("the description lacks " + key);
        }
        return value;
    }

    private int integer(String key) {
        String value = text(key);
        if (!value.matches("\\d{1,9}")) {
            throw refuse(key + " is " + value + ", not a count");
        }
        return Integer.parseInt(value);
    }

    private <E extends Enum<E>> E constant(Class<E> type, String key) {
        return Enum.valueOf(type, text(key).toUpperCase(Locale.ROOT));
    }

    private double scalar(String tensor) {
        DenseVector values = vector(tensor);
        if (values.size() != 1) {
            throw refuse(tensor + " holds " + values.size() + " numbers, not one");
        }
        return values.get(0);
    }

    private DenseVector vector(String tensor) {
        return DenseVector.of(doubles(tensor));
    }

    private List<DenseVector> rows(String tensor) {
        double[] values = doubles(tensor);
        List<Long> shape = file.info(tensor).shape();
        if (shape.size() != 2) {
            throw refuse(tensor + " has shape " + shape + ", not two axes");
        }
        int width = Math.toIntExact(shape.getLast());
        List<DenseVector> rows = new ArrayList<>();
        for (int from = 0; from < values.length; from += width) {
            rows.add(DenseVector.of(Arrays.copyOfRange(values, from, from + width)));
        }
        return rows;
    }

    private double[] doubles(String tensor) {
        if (!file.contains(tensor)) {
            throw refuse("there is no tensor " + tensor);
        }
        return file.doubles(tensor);
    }

    private InvalidInputException refuse(String what) {
        return new InvalidInputException(new Problem("probe_file", name, what));
    }
}
