package io.goodhart.tensor;

import ai.djl.pytorch.jni.TorchThreads;

/**
 * The ritual that every compute thread starts with: recording off, a fixed number of threads per operation, no script
 * specialisation, a device, a precision. A thread that skips it computes correctly with libtorch's default number of threads.
 */
public final class ComputeThread {
    private ComputeThread() {}

    /** Prepares the current thread for the CPU. Call it before the thread's first tensor: the thread count sticks. */
    public static void prepare(int threads) {
        prepare(threads, Device.cpu());
    }

    /** Prepares the current thread; tensors made on it lie on {@code device}, and it computes in the precision of the device. */
    public static void prepare(int threads, Device device) {
        prepare(threads, device, Precision.of(device));
    }

    /** Prepares the current thread with a precision of its own. */
    public static void prepare(int threads, Device device, Precision precision) {
        if (threads < 1) {
            throw new IllegalArgumentException("Need at least one thread, got " + threads);
        }
        ThreadState state = ThreadState.current();
        TorchThreads.threads(threads);
        TorchThreads.optimiseScripts(false);
        state.record(false);
        state.use(device);
        state.precision = precision;
    }

    /** Whether the current thread computes in float32 on the CPU, as {@link Script} does. */
    public static boolean isFloat32OnCpu() {
        ThreadState state = ThreadState.current();
        return state.device instanceof Device.Cpu && state.precision == Precision.FLOAT32;
    }

    /** Starts a prepared platform thread on the CPU with one thread per operation. */
    public static Thread start(String name, Runnable work) {
        return start(name, 1, Device.cpu(), work);
    }

    /** Starts a prepared platform thread. */
    public static Thread start(String name, int threads, Device device, Runnable work) {
        return Thread.ofPlatform().name(name).start(() -> {
            prepare(threads, device);
            work.run();
        });
    }

    /** Version of the engine in use. */
    public static String engineVersion() {
        NativeLibrary.ensureLoaded();
        return NativeLibrary.version();
    }
}
