package io.goodhart.lm;

import static org.assertj.core.api.Assertions.assertThat;

import io.goodhart.modelfiles.safetensors.SafetensorsFile;
import io.goodhart.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The expected values of a fixture folder, and how close is close enough (fixtures/lm/README.md). */
public final class Expected implements AutoCloseable {
    /** float32 parity: largest difference over the standard deviation; suspicious from 1e-4 on. */
    public static final double TOLERANCE = 5e-5;

    private final SafetensorsFile tensors;
    private final JsonNode json;

    private Expected(SafetensorsFile tensors, JsonNode json) {
        this.tensors = tensors;
        this.json = json;
    }

    public static Expected in(Path folder) throws IOException {
        return new Expected(
                SafetensorsFile.open(folder.resolve("expected.safetensors")),
                JsonMapper.shared().readTree(Files.readAllBytes(folder.resolve("expected.json"))));
    }

    public JsonNode json() {
        return json;
    }

    public boolean has(String name) {
        return tensors.contains(name);
    }

    public List<String> names(String prefix) {
        return tensors.names().stream().filter(name -> name.startsWith(prefix)).toList();
    }

    public float[] floats(String name) {
        return tensors.floats(name);
    }

    public long[] longs(String name) {
        return tensors.longs(name);
    }

    public long[] shape(String name) {
        return tensors.info(name).dimensions();
    }

    /** The tokens of each row of an expected batch, padding left out. */
    public List<int[]> rows(String side) {
        long[] ids = longs(side + ".input_ids");
        long[] mask = longs(side + ".attention_mask");
        int width = (int) shape(side + ".input_ids")[1];
        List<int[]> rows = new ArrayList<>();
        for (int from = 0; from < ids.length; from += width) {
            int first = from;
            rows.add(IntStream.range(0, width)
                    .filter(i -> mask[first + i] == 1)
                    .map(i -> (int) ids[first + i])
                    .toArray());
        }
        return rows;
    }

    /** Compares at tokens only, against the standard deviation of the expected values there. */
    public void assertClose(String name, Tensor actual, String side) {
        assertThat(actual.shape()).as(name).isEqualTo(shape(name));
        float[] expected = floats(name);
        long[] mask = longs(side + ".attention_mask");
        int width = expected.length / mask.length;
        float[] values = actual.toFloats();
        double sum = 0;
        double squares = 0;
        long count = 0;
        double worst = 0;
        for (int i = 0; i < expected.length; i++) {
            if (mask[i / width] == 1) {
                sum += expected[i];
                squares += (double) expected[i] * expected[i];
                count++;
                worst = Math.max(worst, distance(values[i], expected[i]));
            }
        }
        double deviation = Math.sqrt(squares / count - sum / count * (sum / count));
        assertThat(worst / deviation).as(name).isLessThan(TOLERANCE);
    }

    /** Compares everywhere, against the largest expected entry: for gradients and weights. */
    public void assertCloseToLargest(String name, float[] actual) {
        float[] expected = floats(name);
        assertThat(actual).as(name).hasSameSizeAs(expected);
        double largest = 0;
        double worst = 0;
        for (int i = 0; i < expected.length; i++) {
            largest = Math.max(largest, Math.abs(expected[i]));
            worst = Math.max(worst, distance(actual[i], expected[i]));
        }
        assertThat(worst / largest).as(name).isLessThan(TOLERANCE);
    }

    private static double distance(float actual, float expected) {
        double distance = Math.abs((double) actual - expected);
        return Double.isNaN(distance) ? Double.POSITIVE_INFINITY : distance;
    }

    public static int[] ints(JsonNode json) {
        List<Integer> values = new ArrayList<>();
        json.forEach(value -> values.add(value.asInt()));
        return values.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Rows of a flat array. */
    public static long[][] split(long[] flat, int width) {
        long[][] rows = new long[flat.length / width][];
        Arrays.setAll(rows, row -> Arrays.copyOfRange(flat, row * width, (row + 1) * width));
        return rows;
    }

    @Override
    public void close() {
        tensors.close();
    }
}
