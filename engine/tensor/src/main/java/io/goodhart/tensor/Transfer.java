package io.goodhart.tensor;

import ai.djl.pytorch.jni.TorchMemory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Copies between Java and native memory. Nothing but copies crosses here. */
final class Transfer {
    private static final int[] CPU = Device.cpu().code();
    private static final int SMALL = 1 << 12;
    private static final long WINDOW = 1L << 30;

    private Transfer() {}

    /** Writes elements {@code [first, first + count)} of the new tensor into the given native memory. */
    @FunctionalInterface
    interface Filler {
        void fill(ByteBuffer target, long first, int count);
    }

    /** A new tensor on the thread's device, filled from Java. */
    static Tensor create(DataType type, long[] shape, Filler filler) {
        ThreadState state = ThreadState.current();
        long handle = TorchMemory.empty(shape, type.code(), CPU);
        try {
            fill(handle, type, elements(shape), filler);
        } catch (RuntimeException e) {
            TorchMemory.delete(handle);
            throw e;
        }
        if (state.device instanceof Device.Cpu) {
            return Tensor.owned(handle);
        }
        try {
            return Tensor.owned(TorchMemory.convert(handle, type.code(), state.deviceCode));
        } finally {
            TorchMemory.delete(handle);
        }
    }

    private static void fill(long handle, DataType type, long elements, Filler filler) {
        if (elements == 0) {
            return;
        }
        long window = WINDOW / type.bytes();
        if (elements <= window) {
            filler.fill(memory(handle), 0, (int) elements);
            return;
        }
        long flat = TorchMemory.reshape(handle, new long[] {-1});
        try {
            for (long first = 0; first < elements; first += window) {
                long part = TorchMemory.slice(flat, 0, first, Math.min(first + window, elements));
                try {
                    filler.fill(memory(part), first, (int) Math.min(window, elements - first));
                } finally {
                    TorchMemory.delete(part);
                }
            }
        } finally {
            TorchMemory.delete(flat);
        }
    }

    private static ByteBuffer memory(long handle) {
        return TorchMemory.memory(handle).order(ByteOrder.nativeOrder());
    }

    /** Elements {@code [from, from + target.length)} of a FLOAT32 tensor of any size, in order. */
    static void read(Tensor tensor, long from, float[] target) {
        if (isSmall(tensor)) {
            bytes(tensor).asFloatBuffer().get((int) from, target);
            return;
        }
        long flat = TorchMemory.reshape(tensor.handle(), new long[] {-1});
        try {
            int window = (int) (WINDOW / Float.BYTES);
            for (int done = 0; done < target.length; done += window) {
                int count = Math.min(window, target.length - done);
                read(flat, from + done, target, done, count);
            }
        } finally {
            TorchMemory.delete(flat);
        }
    }

    private static void read(long flat, long from, float[] target, int at, int count) {
        long part = TorchMemory.slice(flat, 0, from, from + count);
        long dense = TorchMemory.contiguous(part);
        long here = TorchMemory.convert(dense, DataType.FLOAT32.code(), CPU);
        try {
            memory(here).asFloatBuffer().get(target, at, count);
        } finally {
            TorchMemory.delete(here);
            TorchMemory.delete(dense);
            TorchMemory.delete(part);
        }
    }

    private static boolean isSmall(Tensor tensor) {
        return tensor.elements() * tensor.type().bytes() <= SMALL && tensor.device() instanceof Device.Cpu;
    }

    /** The tensor's elements in order, in Java memory, which takes less than 2 GiB. */
    static ByteBuffer bytes(Tensor tensor) {
        long handle = tensor.handle();
        if (tensor.elements() * tensor.type().bytes() > Integer.MAX_VALUE) {
            throw new ShapeMismatchException(tensor + " is too large for one Java buffer");
        }
        if (isSmall(tensor)) {
            return ByteBuffer.wrap(TorchMemory.bytes(handle)).order(ByteOrder.nativeOrder());
        }
        long here = TorchMemory.convert(handle, tensor.type().code(), CPU);
        try {
            return ByteBuffer.wrap(TorchMemory.bytes(here)).order(ByteOrder.nativeOrder());
        } finally {
            TorchMemory.delete(here);
        }
    }

    static long elements(long[] shape) {
        long elements = 1;
        for (long size : shape) {
            if (size < 0) {
                throw new ShapeMismatchException("A size must not be negative, got " + size);
            }
            elements = Math.multiplyExact(elements, size);
        }
        return elements;
    }
}
