package io.goodhart.modelfiles.safetensors;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;
import io.goodhart.modelfiles.json.JsonFault;
import java.io.IOException;
import java.io.UncheckedIOException;
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
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tensors of one safetensors file, or of several with an index, read when they are asked for. Files beyond 2 GiB are fine. They are
 * not mapped: mapped pages would count as this process's memory while weights are copied, and a file that becomes shorter would end
 * the process.
 */
public final class SafetensorsFile implements AutoCloseable {
    /** File name of a checkpoint in one file. */
    public static final String SINGLE = "model.safetensors";
    /** File name of the index of a checkpoint in several files. */
    public static final String INDEX = "model.safetensors.index.json";

    private static final int PIECE = 1 << 16;

    /** A tensor that begins at a place of a file. */
    private record Stored(TensorInfo info, FileChannel channel, long position) {
        /** Elements {@code [from, from + count)} as they are stored. */
        ByteBuffer read(long from, int count) {
            int width = info.type().bytes();
            ByteBuffer bytes =
                    ByteBuffer.allocate(Math.multiplyExact(count, width)).order(ByteOrder.LITTLE_ENDIAN);
            long start = position + from * width;
            try {
                while (bytes.hasRemaining()) {
                    if (channel.read(bytes, start + bytes.position()) < 0) {
                        throw new IOException("The file became shorter while it was read");
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return bytes.flip();
        }
    }

    private final List<FileChannel> channels = new ArrayList<>();
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

    /** What to do where the weights are there in a form that is not read. */
    private static String pickle(Path missing) {
        return Stream.of("pytorch_model.bin", "pytorch_model.bin.index.json")
                .filter(name -> Files.exists(missing.resolveSibling(name)))
                .findFirst()
                .map(
                        "; %s is not read, as such files can run code: save the model again with save_pretrained of transformers"
                                ::formatted)
                .orElse("");
    }

    private void addFile(Path path) throws IOException {
        String name = String.valueOf(path.getFileName());
        if (!Files.isRegularFile(path)) {
            throw new InvalidInputException(
                    new Problem("weights_missing", name, "There is no file %s%s".formatted(name, pickle(path))));
        }
        FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
        channels.add(channel);
        Header header = Header.read(channel, name);
        for (Map.Entry<String, Header.Entry> entry : header.entries().entrySet()) {
            Header.Entry place = entry.getValue();
            Stored stored = new Stored(place.info(), channel, header.dataStart() + place.from());
            if (tensors.put(entry.getKey(), stored) != null) {
                throw Header.refuse(name, entry.getKey(), "is in another file, too");
            }
        }
        metadata.putAll(header.metadata());
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
            throw Header.refuse(INDEX, null, "is not valid JSON: " + JsonFault.of(e));
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
        Objects.checkFromIndexSize(from, target.length, stored.info().elements());
        for (int at = 0; at < target.length; at += PIECE) {
            int count = Math.min(PIECE, target.length - at);
            decode(name, stored, from + at, target, at, count);
        }
    }

    private static void decode(String name, Stored stored, long from, float[] target, int at, int count) {
        StoredType type = stored.info().type();
        if (!type.isFloat()) {
            throw new IllegalArgumentException("%s holds %s, not floating-point numbers".formatted(name, type));
        }
        ByteBuffer bytes = stored.read(from, count);
        if (type == StoredType.F32) {
            bytes.asFloatBuffer().get(target, at, count);
            return;
        }
        for (int i = 0; i < count; i++) {
            target[at + i] = switch (type) {
                case F16 -> Float.float16ToFloat(bytes.getShort(2 * i));
                case BF16 -> Float.intBitsToFloat(bytes.getShort(2 * i) << 16);
                case F64 -> (float) bytes.getDouble(8 * i);
                case F32, I64, I32, U8, BOOL -> throw new IllegalStateException("Not decoded one by one: " + type);
            };
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
            stored.read(0, values.length).asDoubleBuffer().get(values);
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
        StoredType type = stored.info().type();
        if (type.isFloat()) {
            throw new IllegalArgumentException("%s holds %s, not whole numbers".formatted(name, type));
        }
        long[] values = new long[Math.toIntExact(stored.info().elements())];
        ByteBuffer bytes = stored.read(0, values.length);
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (type.bytes()) {
                case 8 -> bytes.getLong(8 * i);
                case 4 -> bytes.getInt(4 * i);
                default -> Byte.toUnsignedLong(bytes.get(i));
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
        for (FileChannel channel : channels) {
            try {
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
