package io.goodhart.modelfiles.safetensors;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tensors of one safetensors file, or of several with an index, mapped into memory and read lazily. Files beyond 2 GiB are
 * fine. What {@link #segment} and {@link #data} give must not be used after {@link #close}.
 */
public final class SafetensorsFile implements AutoCloseable {
    /** File name of a checkpoint in one file. */
    public static final String SINGLE = "model.safetensors";
    /** File name of the index of a checkpoint in several files. */
    public static final String INDEX = "model.safetensors.index.json";

    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble DOUBLE =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private record Stored(TensorInfo info, MemorySegment bytes) {}

    private final Arena arena = Arena.ofShared();
    private final Map<String, Stored> tensors = new TreeMap<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();
    private final List<Path> files = new ArrayList<>();

    private SafetensorsFile() {}

    /**
     * Opens a file, or the checkpoint in a directory: {@value #SINGLE} if it is there, as transformers prefers it, else by {@value #INDEX}.
     *
     * @throws InvalidInputException naming the file or tensor that is missing or damaged
     */
    public static SafetensorsFile open(Path path) throws IOException {
        SafetensorsFile result = new SafetensorsFile();
        try {
            if (!Files.isDirectory(path)) {
                result.addFile(path);
            } else if (!Files.exists(path.resolve(SINGLE)) && Files.exists(path.resolve(INDEX))) {
                result.addShards(path);
            } else {
                result.addFile(path.resolve(SINGLE));
            }
            return result;
        } catch (IOException | RuntimeException e) {
            result.close();
            throw e;
        }
    }

    private void addFile(Path path) throws IOException {
        String name = String.valueOf(path.getFileName());
        if (!Files.isRegularFile(path)) {
            throw new InvalidInputException(new Problem("weights_missing", name, "There is no file " + name));
        }
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            Header header = Header.read(channel, name);
            MemorySegment all = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            for (Map.Entry<String, Header.Entry> entry : header.entries().entrySet()) {
                Header.Entry place = entry.getValue();
                MemorySegment bytes = all.asSlice(header.dataStart() + place.from(), place.to() - place.from());
                if (tensors.put(entry.getKey(), new Stored(place.info(), bytes)) != null) {
                    throw Header.refuse(name, entry.getKey(), "is in another file, too");
                }
            }
            metadata.putAll(header.metadata());
        }
        files.add(path);
    }

    private void addShards(Path directory) throws IOException {
        Map<String, String> fileOf = readIndex(directory.resolve(INDEX));
        for (String file : new TreeSet<>(fileOf.values())) {
            if (file.isEmpty()
                    || file.indexOf('\0') >= 0
                    || !Path.of(file).equals(Path.of(file).getFileName())) {
                throw Header.refuse(INDEX, null, "names the file '%s', which is not a plain file name".formatted(file));
            }
            addFile(directory.resolve(file));
        }
        for (String key : fileOf.keySet()) {
            if (!tensors.containsKey(key)) {
                throw Header.refuse(INDEX, key, "is in none of the files");
            }
        }
        for (String key : tensors.keySet()) {
            if (!fileOf.containsKey(key)) {
                throw Header.refuse(INDEX, key, "is in a file but not in the index");
            }
        }
        files.add(directory.resolve(INDEX));
    }

    private static Map<String, String> readIndex(Path path) throws IOException {
        try {
            JsonNode map =
                    JsonMapper.shared().readTree(Files.readAllBytes(path)).path("weight_map");
            if (!map.isObject() || map.isEmpty()) {
                throw Header.refuse(INDEX, null, "has no weight_map");
            }
            Map<String, String> fileOf = new TreeMap<>();
            for (Map.Entry<String, JsonNode> property : map.properties()) {
                fileOf.put(property.getKey(), property.getValue().asString(""));
            }
            return fileOf;
        } catch (JacksonException e) {
            throw Header.refuse(INDEX, null, "is not valid JSON: " + e.getOriginalMessage());
        }
    }

    /** Names of all tensors, in order. */
    public Set<String> names() {
        return Collections.unmodifiableSet(tensors.keySet());
    }

    /** Types and shapes of all tensors, by name. */
    public Map<String, TensorInfo> infos() {
        Map<String, TensorInfo> result = new TreeMap<>();
        tensors.forEach((name, stored) -> result.put(name, stored.info()));
        return result;
    }

    /** Texts that the files carry under {@code __metadata__}. */
    public Map<String, String> metadata() {
        return Collections.unmodifiableMap(metadata);
    }

    /** The files that were opened. */
    public List<Path> files() {
        return List.copyOf(files);
    }

    /** Whether there is a tensor of this name. */
    public boolean contains(String name) {
        return tensors.containsKey(name);
    }

    /** Type and shape of a tensor. */
    public TensorInfo info(String name) {
        return stored(name).info();
    }

    /** The stored bytes of a tensor, however many. */
    public MemorySegment segment(String name) {
        return stored(name).bytes();
    }

    /** The stored bytes of a tensor of less than 2 GiB: read-only, direct, little endian. */
    public ByteBuffer data(String name) {
        return stored(name).bytes().asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** All values of a floating-point tensor as float32. */
    public float[] floats(String name) {
        float[] values = new float[Math.toIntExact(info(name).elements())];
        readFloats(name, 0, values);
        return values;
    }

    /**
     * Converts some values of a floating-point tensor to float32: exact from float16 and bfloat16, rounded from float64.
     *
     * @param from index of the first element, in row-major order
     * @param target is filled from its beginning to its end
     */
    public void readFloats(String name, long from, float[] target) {
        Stored stored = stored(name);
        MemorySegment bytes = stored.bytes();
        int count = target.length;
        switch (stored.info().type()) {
            case F32 -> MemorySegment.copy(bytes, FLOAT, 4 * from, target, 0, count);
            case F16 -> {
                for (int i = 0; i < count; i++) {
                    target[i] = Float.float16ToFloat(bytes.get(SHORT, 2 * (from + i)));
                }
            }
            case BF16 -> {
                for (int i = 0; i < count; i++) {
                    target[i] = Float.intBitsToFloat(bytes.get(SHORT, 2 * (from + i)) << 16);
                }
            }
            case F64 -> {
                for (int i = 0; i < count; i++) {
                    target[i] = (float) bytes.get(DOUBLE, 8 * (from + i));
                }
            }
            case I64, I32, U8, BOOL ->
                throw new IllegalArgumentException("%s holds %s, not floating-point numbers"
                        .formatted(name, stored.info().type()));
        }
    }

    /**
     * Like {@link #readFloats}, for weights to compute with.
     *
     * @throws InvalidInputException naming the tensor if one of the values is not a finite number
     */
    public void readFinite(String name, long from, float[] target) {
        readFloats(name, from, target);
        for (int i = 0; i < target.length; i++) {
            if (!Float.isFinite(target[i])) {
                throw new InvalidInputException(new Problem(
                        "weights_not_finite", name, "%s has %s at element %d".formatted(name, target[i], from + i)));
            }
        }
    }

    /** All values of a floating-point tensor as float64. */
    public double[] doubles(String name) {
        Stored stored = stored(name);
        double[] values = new double[Math.toIntExact(stored.info().elements())];
        if (stored.info().type() == StoredType.F64) {
            MemorySegment.copy(stored.bytes(), DOUBLE, 0, values, 0, values.length);
            return values;
        }
        float[] floats = floats(name);
        for (int i = 0; i < values.length; i++) {
            values[i] = floats[i];
        }
        return values;
    }

    /** All values of a tensor of whole numbers or truth values. */
    public long[] longs(String name) {
        Stored stored = stored(name);
        MemorySegment bytes = stored.bytes();
        long[] values = new long[Math.toIntExact(stored.info().elements())];
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (stored.info().type()) {
                case I64 -> bytes.get(LONG, 8L * i);
                case I32 -> bytes.get(INT, 4L * i);
                case U8, BOOL -> Byte.toUnsignedLong(bytes.get(ValueLayout.JAVA_BYTE, i));
                case F64, F32, F16, BF16 ->
                    throw new IllegalArgumentException("%s holds %s, not whole numbers"
                            .formatted(name, stored.info().type()));
            };
        }
        return values;
    }

    private Stored stored(String name) {
        Stored stored = tensors.get(name);
        if (stored == null) {
            throw new IllegalArgumentException("No tensor %s in %s".formatted(name, files));
        }
        return stored;
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
