package io.goodhart.probing;

import io.goodhart.testing.Fixtures;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reference values of scikit-learn and scipy, made by {@code fixtures/probing/make_probing.py}. */
public final class Golden {
    /** Means and deviations, relative. */
    public static final double MOMENTS = 1e-9;
    /** Weights, and probabilities of a fit. */
    public static final double WEIGHTS = 1e-5;
    /** Weights of the ill-conditioned fit with C = 100, and logits of any fit. */
    public static final double LOGITS = 1e-4;
    /** Whatever is computed from given scores, in float64. */
    public static final double EXACT = 1e-10;
    /** AUC-like values of an own fit: a swap of two neighbours moves them in steps. */
    public static final double RANKING = 1e-3;

    private Golden() {}

    public static Tensors tensors(String name) {
        return Tensors.read(Fixtures.path("probing/" + name));
    }

    public static JsonNode json(String name) {
        try {
            return new JsonMapper().readTree(Files.readString(Fixtures.path("probing/" + name)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static double[] doubles(JsonNode array) {
        double[] values = new double[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).doubleValue();
        }
        return values;
    }

    public static boolean[] labels(JsonNode array) {
        boolean[] values = new boolean[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).intValue() == 1;
        }
        return values;
    }
}
