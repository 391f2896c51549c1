package io.goodhart.tensor;

import ai.djl.pytorch.jni.TorchMemory;
import java.nio.FloatBuffer;
import java.util.Arrays;

/** The ways into native memory. Java data is always copied. */
public final class Tensors {
    private static final int PIECE = 1 << 16;

    private Tensors() {}

    /** FLOAT32 from Java, row-major. Without a shape: one axis. */
    public static Tensor of(float[] values, long... shape) {
        long[] sizes = shapeFor(values.length, shape);
        return Transfer.create(
                DataType.FLOAT32,
                sizes,
                (target, first, count) -> target.asFloatBuffer().put(values, (int) first, count));
    }

    /** The values of a tensor in row-major order. */
    @FunctionalInterface
    public interface FloatSource {
        /** Fills {@code target} with the values from the one of index {@code from}. */
        void read(long from, float[] target);
    }

    /** FLOAT32 of any size, asked for piece by piece: Java never holds more than one piece. */
    public static Tensor of(FloatSource values, long... shape) {
        return Transfer.create(DataType.FLOAT32, shape, (target, first, count) -> {
            FloatBuffer floats = target.asFloatBuffer();
            float[] piece = new float[Math.min(PIECE, count)];
            for (int done = 0; done < count; done += piece.length) {
                if (count - done < piece.length) {
                    piece = new float[count - done];
                }
                values.read(first + done, piece);
                floats.put(piece);
            }
        });
    }

    /** FLOAT64 from Java, row-major. Without a shape: one axis. */
    public static Tensor of(double[] values, long... shape) {
        long[] sizes = shapeFor(values.length, shape);
        return Transfer.create(
                DataType.FLOAT64,
                sizes,
                (target, first, count) -> target.asDoubleBuffer().put(values, (int) first, count));
    }

    /** INT64 from Java, row-major. Without a shape: one axis. */
    public static Tensor of(long[] values, long... shape) {
        long[] sizes = shapeFor(values.length, shape);
        return Transfer.create(
                DataType.INT64,
                sizes,
                (target, first, count) -> target.asLongBuffer().put(values, (int) first, count));
    }

    /** INT64 from Java ints (token ids), row-major. Without a shape: one axis. */
    public static Tensor of(int[] values, long... shape) {
        return of(Arrays.stream(values).asLongStream().toArray(), shape);
    }

    /** BOOL from Java, row-major. Without a shape: one axis. */
    public static Tensor of(boolean[] values, long... shape) {
        long[] sizes = shapeFor(values.length, shape);
        return Transfer.create(DataType.BOOL, sizes, (target, first, count) -> {
            for (int i = 0; i < count; i++) {
                target.put(i, (byte) (values[(int) first + i] ? 1 : 0));
            }
        });
    }

    /** FLOAT32 [rows, columns] from rows of equal length. */
    public static Tensor of(float[][] rows) {
        int columns = rows.length == 0 ? 0 : rows[0].length;
        for (float[] row : rows) {
            if (row.length != columns) {
                throw new ShapeMismatchException("Rows of " + columns + " and of " + row.length + " elements");
            }
        }
        float[] values = new float[Math.multiplyExact(rows.length, columns)];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(rows[i], 0, values, i * columns, columns);
        }
        return of(values, rows.length, columns);
    }

    /** One FLOAT32 number. */
    public static Tensor scalar(float value) {
        return full(DataType.FLOAT32, value);
    }

    /** One FLOAT64 number. */
    public static Tensor scalar(double value) {
        return full(DataType.FLOAT64, value);
    }

    public static Tensor zeros(long... shape) {
        return zeros(DataType.FLOAT32, shape);
    }

    public static Tensor zeros(DataType type, long... shape) {
        return Tensor.owned(TorchMemory.zeros(shape, type.code(), ThreadState.current().deviceCode));
    }

    /** Zeros of another tensor's shape, type and device, outside any graph. */
    public static Tensor zerosLike(Tensor other) {
        return Tensor.owned(TorchMemory.zeros(
                other.shape(), other.type().code(), other.device().code()));
    }

    public static Tensor ones(long... shape) {
        return ones(DataType.FLOAT32, shape);
    }

    public static Tensor ones(DataType type, long... shape) {
        return Tensor.owned(TorchMemory.ones(shape, type.code(), ThreadState.current().deviceCode));
    }

    public static Tensor full(DataType type, double value, long... shape) {
        return Tensor.owned(TorchMemory.full(shape, value, type.code(), ThreadState.current().deviceCode));
    }

    /** INT64 0, 1, … count − 1. */
    public static Tensor arange(long count) {
        return arange(0, count);
    }

    /** INT64 from, from + 1, … to − 1. */
    public static Tensor arange(long from, long to) {
        long count = Math.max(0, to - from);
        return Transfer.create(DataType.INT64, new long[] {count}, (target, first, length) -> {
            for (int i = 0; i < length; i++) {
                target.putLong(i * Long.BYTES, from + first + i);
            }
        });
    }

    /** Joins tensors along an existing axis. */
    public static Tensor concat(int axis, Tensor... parts) {
        requireSome(parts);
        return Tensor.owned(TorchMemory.concatenate(handles(parts), axis));
    }

    /** Joins tensors of one shape along a new axis. */
    public static Tensor stack(int axis, Tensor... parts) {
        requireSome(parts);
        return Tensor.owned(TorchMemory.stack(handles(parts), axis));
    }

    private static long[] handles(Tensor[] tensors) {
        long[] handles = new long[tensors.length];
        for (int i = 0; i < handles.length; i++) {
            handles[i] = tensors[i].handle();
            tensors[0].requireSameFloating(tensors[i]);
        }
        return handles;
    }

    private static void requireSome(Tensor[] parts) {
        if (parts.length == 0) {
            throw new ShapeMismatchException("Need at least one tensor to join");
        }
    }

    private static long[] shapeFor(int length, long[] shape) {
        if (shape.length == 0 && length != 1) {
            return new long[] {length};
        }
        if (Transfer.elements(shape) != length) {
            throw new ShapeMismatchException("%d values do not fill %s".formatted(length, Arrays.toString(shape)));
        }
        return shape;
    }
}
