package io.goodhart.probing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A small safetensors file of reference values, read without the code under test. */
public final class Tensors {
    private final JsonNode header;
    private final ByteBuffer data;

    private Tensors(JsonNode header, ByteBuffer data) {
        this.header = header;
        this.data = data;
    }

    public static Tensors read(Path path) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.LITTLE_ENDIAN);
            int length = (int) bytes.getLong();
            String json = new String(bytes.array(), Long.BYTES, length, StandardCharsets.UTF_8);
            int start = Long.BYTES + length;
            return new Tensors(
                    new JsonMapper().readTree(json),
                    bytes.slice(start, bytes.capacity() - start).order(ByteOrder.LITTLE_ENDIAN));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public boolean has(String name) {
        return header.has(name);
    }

    public int size(String name, int axis) {
        return header.get(name).get("shape").get(axis).intValue();
    }

    /** Any numeric tensor, widened, in row order. */
    public double[] doubles(String name) {
        JsonNode info = header.get(name);
        int from = info.get("data_offsets").get(0).intValue();
        int to = info.get("data_offsets").get(1).intValue();
        String type = info.get("dtype").stringValue();
        int width = type.endsWith("64") ? 8 : 4;
        double[] values = new double[(to - from) / width];
        for (int i = 0; i < values.length; i++) {
            int at = from + i * width;
            values[i] = switch (type) {
                case "F64" -> data.getDouble(at);
                case "F32" -> data.getFloat(at);
                case "I64" -> data.getLong(at);
                case "I32" -> data.getInt(at);
                default -> throw new IllegalArgumentException(type);
            };
        }
        return values;
    }

    public double scalar(String name) {
        return doubles(name)[0];
    }

    /** A matrix of float32 rows. */
    public Activations activations(String name) {
        double[] values = doubles(name);
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return Activations.of(floats, size(name, 0), size(name, 1));
    }

    public boolean[] labels(String name) {
        double[] values = doubles(name);
        boolean[] labels = new boolean[values.length];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = values[i] == 1;
        }
        return labels;
    }

    /** {@code split/x} with {@code split/y}. */
    public LabelledActivations examples(String split) {
        return LabelledActivations.of(activations(split + "/x"), labels(split + "/y"));
    }
}
