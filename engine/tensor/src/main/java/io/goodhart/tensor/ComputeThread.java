package io.goodhart.tensor;

import ai.djl.pytorch.jni.TorchThreads;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;

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
        state.threads = threads;
    }

    /** Whether the current thread computes in float32 on the CPU, as {@link Script} does. */
    public static boolean isFloat32OnCpu() {
        ThreadState state = ThreadState.current();
        return state.device instanceof Device.Cpu && state.precision == Precision.FLOAT32;
    }

    /** Threads of one operation of the current thread; 1 if it was not prepared. */
    public static int threads() {
        return ThreadState.current().threads;
    }

    /**
     * Does pieces of work at once, each on a CPU thread of its own with one thread per operation, and waits until all have
     * ended. The first failure is thrown, with later ones suppressed in it.
     *
     * @param name of the threads
     */
    public static void sideBySide(String name, List<Runnable> pieces) {
        Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        ThreadFactory threads = Thread.ofPlatform().name(name + " ", 0).factory();
        try (ExecutorService executor = Executors.newThreadPerTaskExecutor(threads)) {
            for (Runnable piece : pieces) {
                executor.execute(() -> {
                    try {
                        prepare(1);
                        piece.run();
                    } catch (RuntimeException | Error e) {
                        failures.add(e);
                    }
                });
            }
        }
        Throwable first = failures.poll();
        if (first != null) {
            failures.forEach(first::addSuppressed);
        }
        switch (first) {
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case null, default -> {}
        }
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
