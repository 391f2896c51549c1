package io.goodhart.modelfiles.safetensors;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes a safetensors file. The bytes depend on the contents only, not on the order of the calls: wide types first, then by
 * name, as the reference library does. The file appears at once or not at all.
 */
public final class SafetensorsWriter {
    private static final int CHUNK = 1 << 20;

    /** The values of a tensor in row-major order. */
    @FunctionalInterface
    public interface FloatSource {
        /** Fills {@code target} with the values from the one of index {@code from}. */
        void read(long from, float[] target);
    }

    private record Entry(String name, TensorInfo info, Source source) {}

    /** Gives the bytes of a tensor, piece by piece, when the file is written. */
    private interface Source {
        void writeTo(FileChannel channel) throws IOException;
    }

    private final Map<String, Entry> entries = new TreeMap<>();
    private final Map<String, String> metadata = new TreeMap<>();

    /** Adds a text under {@code __metadata__}. */
    public SafetensorsWriter metadata(String key, String value) {
        metadata.put(key, value);
        return this;
    }

    /** Adds float32 values; the array is read when the file is written. */
    public SafetensorsWriter add(String name, float[] values, long... shape) {
        checkCount(name, TensorInfo.of(StoredType.F32, shape), values.length);
        return add(name, (from, target) -> System.arraycopy(values, (int) from, target, 0, target.length), shape);
    }

    /** Adds float32 values of any number, which are asked for piece by piece when the file is written. */
    public SafetensorsWriter add(String name, FloatSource values, long... shape) {
        TensorInfo info = TensorInfo.of(StoredType.F32, shape);
        return add(name, info, channel -> {
            int window = (int) Math.min(CHUNK / Float.BYTES, info.elements());
            ByteBuffer bytes = ByteBuffer.allocate(window * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            float[] chunk = new float[window];
            for (long from = 0; from < info.elements(); from += chunk.length) {
                if (info.elements() - from < chunk.length) {
                    chunk = new float[(int) (info.elements() - from)];
                }
                values.read(from, chunk);
                bytes.clear().asFloatBuffer().put(chunk);
                writeFully(channel, bytes.limit(chunk.length * Float.BYTES));
            }
        });
    }

    /** Adds float64 values. */
    public SafetensorsWriter add(String name, double[] values, long... shape) {
        TensorInfo info = TensorInfo.of(StoredType.F64, shape);
        checkCount(name, info, values.length);
        ByteBuffer bytes =
                ByteBuffer.allocate(Math.multiplyExact(8, values.length)).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asDoubleBuffer().put(values);
        return add(name, info, bytes);
    }

    /** Adds int64 values. */
    public SafetensorsWriter add(String name, long[] values, long... shape) {
        TensorInfo info = TensorInfo.of(StoredType.I64, shape);
        checkCount(name, info, values.length);
        ByteBuffer bytes =
                ByteBuffer.allocate(Math.multiplyExact(8, values.length)).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asLongBuffer().put(values);
        return add(name, info, bytes);
    }

    /** Adds stored bytes, little endian, of any type. */
    public SafetensorsWriter add(String name, TensorInfo info, ByteBuffer bytes) {
        return add(name, info, MemorySegment.ofBuffer(bytes));
    }

    /** Adds stored bytes, little endian, of any type and length. */
    public SafetensorsWriter add(String name, TensorInfo info, MemorySegment bytes) {
        if (bytes.byteSize() != info.bytes()) {
            throw new IllegalArgumentException(
                    "%s %s takes %d bytes, got %d".formatted(name, info, info.bytes(), bytes.byteSize()));
        }
        return add(name, info, channel -> {
            for (long from = 0; from < bytes.byteSize(); from += CHUNK) {
                long count = Math.min(CHUNK, bytes.byteSize() - from);
                writeFully(channel, bytes.asSlice(from, count).asByteBuffer());
            }
        });
    }

    private SafetensorsWriter add(String name, TensorInfo info, Source source) {
        if (name.equals("__metadata__") || entries.put(name, new Entry(name, info, source)) != null) {
            throw new IllegalArgumentException("The name %s is taken".formatted(name));
        }
        return this;
    }

    private static void checkCount(String name, TensorInfo info, int count) {
        if (info.elements() != count) {
            throw new IllegalArgumentException(
                    "%s of shape %s needs %d values, got %d".formatted(name, info.shape(), info.elements(), count));
        }
    }

    /** Writes beside the target and moves into place, so that a crash leaves the old file or the new one. */
    public void writeTo(Path path) throws IOException {
        List<Entry> ordered = new ArrayList<>(entries.values());
        ordered.sort(
                Comparator.comparingInt((Entry entry) -> -entry.info().type().bytes())
                        .thenComparing(Entry::name));
        Path target = path.toAbsolutePath();
        Path partial = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".part");
        try {
            try (FileChannel channel =
                    FileChannel.open(partial, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                byte[] header = header(ordered);
                ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
                writeFully(channel, length.putLong(header.length).flip());
                writeFully(channel, ByteBuffer.wrap(header));
                for (Entry entry : ordered) {
                    entry.source().writeTo(channel);
                }
                channel.force(true);
            }
            Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(partial);
        }
    }

    private byte[] header(List<Entry> ordered) {
        ObjectNode json = JsonMapper.shared().createObjectNode();
        if (!metadata.isEmpty()) {
            ObjectNode texts = json.putObject("__metadata__");
            metadata.forEach(texts::put);
        }
        long offset = 0;
        for (Entry entry : ordered) {
            ObjectNode tensor = json.putObject(entry.name());
            tensor.put("dtype", entry.info().type().name());
            ArrayNode shape = tensor.putArray("shape");
            entry.info().shape().forEach(shape::add);
            tensor.putArray("data_offsets")
                    .add(offset)
                    .add(offset + entry.info().bytes());
            offset += entry.info().bytes();
        }
        String text = json.toString();
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        return (text + " ".repeat((8 - bytes % 8) % 8)).getBytes(StandardCharsets.UTF_8); // data aligned to 8 bytes
    }

    private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
