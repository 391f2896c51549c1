package io.goodhart.tensor;

import ai.djl.pytorch.jni.TorchMemory;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Numbers as native zero-dimensional tensors. This is the cure of DJL's scalar trap: {@code mul(Number)} wraps a Java buffer
 * that the graph still refers to after the buffer is gone. Frequent numbers are made once per process.
 */
final class Scalars {
    private static final int CACHED = 4096;
    private static final long[] NO_AXES = {};
    private static final Map<Key, Tensor> CACHE = new ConcurrentHashMap<>();

    private Scalars() {}

    private record Key(DataType type, Device device, long bits) {}

    /** The number as a tensor of that type on that device; borrowed, never closed by the caller. */
    static Tensor of(double value, DataType type, Device device) {
        Key key = new Key(type, device, Double.doubleToRawLongBits(value));
        Tensor cached = CACHE.get(key);
        if (cached != null) {
            return cached;
        }
        if (!type.isFloating() && value != Math.rint(value)) {
            throw new IllegalArgumentException("A tensor of " + type + " cannot meet the number " + value);
        }
        if (CACHE.size() >= CACHED) {
            return Tensor.owned(create(value, type, device));
        }
        return CACHE.computeIfAbsent(key, _ -> Tensor.permanent(create(value, type, device)));
    }

    private static long create(double value, DataType type, Device device) {
        return TorchMemory.full(NO_AXES, value, type.code(), device.code());
    }
}
