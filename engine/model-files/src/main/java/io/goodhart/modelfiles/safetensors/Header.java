package io.goodhart.modelfiles.safetensors;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;
import io.goodhart.modelfiles.json.JsonFault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The header of one safetensors file, checked against the file's length. */
record Header(Map<String, Entry> entries, Map<String, String> metadata, long dataStart) {
    private static final long MAX_HEADER = 100_000_000;

    /** "version ", as a number. */
    private static final long LFS_POINTER = 0x206E6F6973726576L;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /** Where a tensor lies, in bytes from the beginning of the data. */
    record Entry(TensorInfo info, long from, long to) {}

    static Header read(FileChannel channel, String file) throws IOException {
        long size = channel.size();
        if (size < 8) {
            throw refuse(file, null, "is %d bytes long, too short for a safetensors header".formatted(size));
        }
        long length = readFully(channel, 0, 8).getLong();
        if (length == LFS_POINTER) {
            throw refuse(file, null, "is a pointer of Git LFS and not the file itself, which git lfs pull brings");
        }
        if (length < 2 || length > MAX_HEADER || length > size - 8) {
            throw refuse(
                    file,
                    null,
                    "announces a header of %d bytes but is %d bytes long: damaged or not safetensors"
                            .formatted(length, size));
        }
        byte[] text = new byte[(int) length];
        readFully(channel, 8, (int) length).get(text);
        JsonNode json = parse(file, text);
        Map<String, Entry> entries = new LinkedHashMap<>();
        Map<String, String> metadata = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> property : json.properties()) {
            if (property.getKey().equals("__metadata__")) {
                readMetadata(file, property.getValue(), metadata);
            } else {
                entries.put(property.getKey(), entry(file, property.getKey(), property.getValue()));
            }
        }
        checkLayout(file, entries, size - 8 - length);
        return new Header(entries, metadata, 8 + length);
    }

    private static JsonNode parse(String file, byte[] text) {
        try {
            JsonNode json = JSON.readTree(text);
            if (json.isObject()) {
                return json;
            }
            throw refuse(file, null, "has a header that is not a JSON object");
        } catch (JacksonException e) {
            throw refuse(file, null, "has a header that is not valid JSON: " + JsonFault.of(e));
        }
    }

    private static void readMetadata(String file, JsonNode json, Map<String, String> metadata) {
        if (!json.isObject()) {
            throw refuse(file, "__metadata__", "needs an object, got " + json.getNodeType());
        }
        for (Map.Entry<String, JsonNode> property : json.properties()) {
            if (!property.getValue().isString()) {
                throw refuse(file, "__metadata__", "needs texts as values");
            }
            metadata.put(property.getKey(), property.getValue().asString());
        }
    }

    private static Entry entry(String file, String key, JsonNode json) {
        JsonNode dtype = json.path("dtype");
        JsonNode offsets = json.path("data_offsets");
        if (!dtype.isString() || !json.path("shape").isArray() || !offsets.isArray() || offsets.size() != 2) {
            throw refuse(file, key, "needs dtype, shape and two data_offsets");
        }
        StoredType type = StoredType.byName(dtype.asString())
                .orElseThrow(() -> refuse(file, key, "has the type %s, which is not supported".formatted(dtype)));
        List<Long> shape = new ArrayList<>();
        for (JsonNode size : json.path("shape")) {
            shape.add(wholeNumber(file, key, size));
        }
        TensorInfo info = new TensorInfo(type, shape);
        long from = wholeNumber(file, key, offsets.get(0));
        long to = wholeNumber(file, key, offsets.get(1));
        long wanted;
        try {
            wanted = info.bytes();
        } catch (ArithmeticException e) {
            throw refuse(file, key, "has the impossible shape " + shape);
        }
        if (to < from || to - from != wanted) {
            throw refuse(
                    file,
                    key,
                    "spans bytes %d to %d, but %s %s takes %d bytes".formatted(from, to, type, shape, wanted));
        }
        return new Entry(info, from, to);
    }

    private static long wholeNumber(String file, String key, JsonNode json) {
        if (!json.isIntegralNumber() || !json.canConvertToLong() || json.asLong() < 0) {
            throw refuse(file, key, "needs whole numbers of at least 0, got " + json);
        }
        return json.asLong();
    }

    /** The data must be covered without gap or overlap: what the format demands, and what catches a cut file. */
    private static void checkLayout(String file, Map<String, Entry> entries, long dataLength) {
        List<Map.Entry<String, Entry>> ordered = new ArrayList<>(entries.entrySet());
        ordered.sort(Comparator.comparingLong(
                        (Map.Entry<String, Entry> e) -> e.getValue().from())
                .thenComparingLong(e -> e.getValue().to()));
        long end = ordered.isEmpty()
                ? 0
                : ordered.stream().mapToLong(e -> e.getValue().to()).max().orElse(0);
        if (end > dataLength) {
            String key = ordered.stream()
                    .filter(e -> e.getValue().to() > dataLength)
                    .map(Map.Entry::getKey)
                    .findFirst()
                    .orElseThrow();
            throw refuse(
                    file,
                    null,
                    "is truncated: its header announces %d bytes of data and %d are there; the first tensor cut is %s"
                            .formatted(end, dataLength, key));
        }
        long covered = 0;
        for (Map.Entry<String, Entry> entry : ordered) {
            if (entry.getValue().from() != covered) {
                String fault =
                        entry.getValue().from() < covered ? "overlaps the tensor before it" : "leaves a gap before it";
                throw refuse(
                        file,
                        entry.getKey(),
                        "%s (starts at byte %d, expected %d)"
                                .formatted(fault, entry.getValue().from(), covered));
            }
            covered = entry.getValue().to();
        }
        if (covered != dataLength) {
            throw refuse(file, null, "has %d bytes after its last tensor".formatted(dataLength - covered));
        }
    }

    private static ByteBuffer readFully(FileChannel channel, long position, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position()) < 0) {
                throw new IOException("The file became shorter while it was read");
            }
        }
        return buffer.flip();
    }

    static InvalidInputException refuse(String file, @Nullable String key, String fault) {
        String subject = key == null ? file : "%s: tensor %s".formatted(file, key);
        return new InvalidInputException(
                new Problem("weights_invalid", key == null ? file : file + "/" + key, subject + " " + fault));
    }
}
