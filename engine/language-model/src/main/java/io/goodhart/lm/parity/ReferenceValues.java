package io.goodhart.lm.parity;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;
import io.goodhart.modelfiles.json.JsonFault;
import io.goodhart.modelfiles.safetensors.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The tensors of a reference and what its JSON file says of them. Remembers which tensors were asked for. */
public final class ReferenceValues implements AutoCloseable {
    private static final String FILE = "expected.safetensors";
    private static final String ENDING = ".safetensors";

    private final SafetensorsFile tensors;
    private final JsonNode json;
    private final Set<String> read = new TreeSet<>();

    private ReferenceValues(SafetensorsFile tensors, JsonNode json) {
        this.tensors = tensors;
        this.json = json;
    }

    /**
     * Opens a file of tensors with the JSON file beside it, if there is one.
     *
     * @param path the file, or the folder that holds {@value #FILE}
     * @throws InvalidInputException if it is missing or damaged
     */
    public static ReferenceValues open(Path path) throws IOException {
        Path file = Files.isDirectory(path) ? path.resolve(FILE) : path;
        String name = String.valueOf(file.getFileName());
        if (!name.endsWith(ENDING)) {
            throw invalid(name, "is no file of tensors: its name must end in " + ENDING);
        }
        Path json = file.resolveSibling(name.substring(0, name.length() - ENDING.length()) + ".json");
        try {
            return new ReferenceValues(
                    SafetensorsFile.open(file),
                    Files.isRegularFile(json)
                            ? JsonMapper.shared().readTree(Files.readAllBytes(json))
                            : JsonMapper.shared().createObjectNode());
        } catch (JacksonException e) {
            throw invalid(String.valueOf(json.getFileName()), "is not valid JSON: " + JsonFault.of(e));
        }
    }

    static InvalidInputException invalid(String subject, String fault) {
        return new InvalidInputException(new Problem(
                "expected_invalid", "expected/" + subject, "Expected values: %s %s".formatted(subject, fault)));
    }

    /** What the JSON file says. */
    public JsonNode json() {
        return json;
    }

    /** Whether there is a tensor of this name. */
    public boolean has(String name) {
        return tensors.contains(name);
    }

    /** Names that begin like this. */
    public List<String> names(String prefix) {
        return tensors.names().stream().filter(name -> name.startsWith(prefix)).toList();
    }

    /** Values of a floating-point tensor. */
    public float[] floats(String name) {
        require(name);
        return tensors.floats(name);
    }

    /** Values of a tensor of whole numbers. */
    public long[] longs(String name) {
        require(name);
        return tensors.longs(name);
    }

    /** Shape of a tensor. */
    public long[] shape(String name) {
        require(name);
        return tensors.info(name).dimensions();
    }

    private void require(String name) {
        if (!has(name)) {
            throw invalid(name, "is missing");
        }
        read.add(name);
    }

    /** Rows of a tensor of whole numbers with two axes. */
    public int[][] intRows(String name) {
        long[] flat = longs(name);
        int width = (int) shape(name)[1];
        return IntStream.range(0, flat.length / width)
                .mapToObj(row -> Arrays.stream(flat, row * width, (row + 1) * width)
                        .mapToInt(Math::toIntExact)
                        .toArray())
                .toArray(int[][]::new);
    }

    /** What stands at the tokens of each row of a batch, padding left out, for example its ids. */
    public List<int[]> atTokens(String batch, String what) {
        int[][] all = intRows(batch + "." + what);
        int[][] mask = intRows(batch + ".attention_mask");
        List<int[]> rows = new ArrayList<>();
        for (int row = 0; row < all.length; row++) {
            int[] values = all[row];
            int[] there = mask[row];
            rows.add(IntStream.range(0, values.length)
                    .filter(i -> there[i] == 1)
                    .map(i -> values[i])
                    .toArray());
        }
        return rows;
    }

    /** How far float32 is from float64 in the logits, over their standard deviation. */
    OptionalDouble noiseFloor() {
        JsonNode noise = json.path("noise_floor");
        double deviation = json.path("logit_std").asDouble(Double.NaN);
        return Stream.of(
                        noise.path("logits_max_abs_over_std").asDouble(Double.NaN),
                        noise.path("single.logits_max_abs").asDouble(Double.NaN) / deviation)
                .filter(Double::isFinite)
                .mapToDouble(Double::doubleValue)
                .findFirst();
    }

    /** Names of tensors that nobody has asked for, positions left out: a model counts them itself. */
    List<String> unread() {
        return tensors.names().stream()
                .filter(name -> !read.contains(name) && !name.endsWith(".position_ids"))
                .toList();
    }

    /** Whole numbers of a JSON list. */
    public static int[] ints(JsonNode json) {
        return json.valueStream().mapToInt(JsonNode::asInt).toArray();
    }

    @Override
    public void close() {
        tensors.close();
    }
}
