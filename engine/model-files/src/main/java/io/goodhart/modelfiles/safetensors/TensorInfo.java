package io.goodhart.modelfiles.safetensors;

import java.util.Arrays;
import java.util.List;

/**
 * Type and shape of a stored tensor.
 *
 * @param type how its numbers are stored
 * @param shape sizes, outermost axis first; empty for a scalar
 */
public record TensorInfo(StoredType type, List<Long> shape) {
    public TensorInfo {
        shape = List.copyOf(shape);
        if (shape.stream().anyMatch(size -> size < 0)) {
            throw new IllegalArgumentException("Need sizes of at least 0, got " + shape);
        }
    }

    /** With sizes as an array. */
    public static TensorInfo of(StoredType type, long... shape) {
        return new TensorInfo(type, Arrays.stream(shape).boxed().toList());
    }

    /** Number of elements. */
    public long elements() {
        return shape.stream().mapToLong(Long::longValue).reduce(1, Math::multiplyExact);
    }

    /** Number of bytes. */
    public long bytes() {
        return Math.multiplyExact(elements(), (long) type.bytes());
    }

    /** The shape as an array. */
    public long[] dimensions() {
        return shape.stream().mapToLong(Long::longValue).toArray();
    }
}
