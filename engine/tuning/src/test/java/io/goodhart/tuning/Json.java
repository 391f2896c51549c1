package io.goodhart.tuning;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads reference values. */
public final class Json {
    private Json() {}

    public static JsonNode read(Path path) {
        try {
            return JsonMapper.shared().readTree(Files.readString(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A number, or one of the strings that stand for what JSON has no numbers for. */
    public static double number(JsonNode node) {
        return node.isString() ? Double.parseDouble(node.asString()) : node.doubleValue();
    }

    public static double[] numbers(JsonNode array) {
        double[] values = new double[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = number(array.get(i));
        }
        return values;
    }

    /** The numbers of an array of arrays, row by row. */
    public static double[] matrix(JsonNode rows) {
        return rows.values().stream()
                .flatMapToDouble(row -> Arrays.stream(numbers(row)))
                .toArray();
    }

    public static int[] ids(JsonNode array) {
        int[] values = new int[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).intValue();
        }
        return values;
    }
}
