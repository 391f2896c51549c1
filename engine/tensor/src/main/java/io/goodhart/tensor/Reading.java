package io.goodhart.tensor;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;

/** Copies of the elements in Java, row-major. */
public sealed interface Reading permits Tensor {
    private Tensor self() {
        return (Tensor) this;
    }

    default float[] toFloats() {
        float[] out = new float[Math.toIntExact(self().elements())];
        read(0, out);
        return out;
    }

    /** Fills {@code target} with the elements from the one of index {@code from}, row-major: how to read large tensors in pieces. */
    default void read(long from, float[] target) {
        require(DataType.FLOAT32);
        Objects.checkFromIndexSize(from, target.length, self().elements());
        Transfer.read(self(), from, target);
    }

    default double[] toDoubles() {
        if (self().type() == DataType.FLOAT32) {
            float[] floats = toFloats();
            double[] out = new double[floats.length];
            for (int i = 0; i < out.length; i++) {
                out[i] = floats[i];
            }
            return out;
        }
        double[] out = new double[Math.toIntExact(self().elements())];
        bytes(DataType.FLOAT64).asDoubleBuffer().get(out);
        return out;
    }

    default long[] toLongs() {
        long[] out = new long[Math.toIntExact(self().elements())];
        if (self().type() == DataType.INT32) {
            int[] ints = new int[out.length];
            bytes(DataType.INT32).asIntBuffer().get(ints);
            Arrays.setAll(out, i -> ints[i]);
            return out;
        }
        bytes(DataType.INT64).asLongBuffer().get(out);
        return out;
    }

    default boolean[] toBooleans() {
        ByteBuffer bytes = bytes(DataType.BOOL);
        boolean[] out = new boolean[bytes.remaining()];
        for (int i = 0; i < out.length; i++) {
            out[i] = bytes.get(i) != 0;
        }
        return out;
    }

    default float asFloat() {
        return self().type() == DataType.FLOAT64
                ? (float) asDouble()
                : only(DataType.FLOAT32).getFloat(0);
    }

    default double asDouble() {
        return self().type() == DataType.FLOAT32
                ? asFloat()
                : only(DataType.FLOAT64).getDouble(0);
    }

    default long asLong() {
        return self().type() == DataType.INT32
                ? only(DataType.INT32).getInt(0)
                : only(DataType.INT64).getLong(0);
    }

    default boolean asBoolean() {
        return only(DataType.BOOL).get(0) != 0;
    }

    private ByteBuffer only(DataType expected) {
        if (self().elements() != 1) {
            throw new ShapeMismatchException("Expected one element, got " + self());
        }
        return bytes(expected);
    }

    private ByteBuffer bytes(DataType expected) {
        require(expected);
        return Transfer.bytes(self());
    }

    private void require(DataType expected) {
        if (self().type() != expected) {
            throw new ShapeMismatchException("Expected elements of " + expected + ", got " + self());
        }
    }
}
