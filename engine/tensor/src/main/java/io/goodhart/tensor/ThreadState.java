package io.goodhart.tensor;

import ai.djl.pytorch.jni.TorchThreads;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the facade knows about one compute thread. Creating it switches recording off for the thread. */
final class ThreadState {
    private static final ThreadLocal<ThreadState> CURRENT = ThreadLocal.withInitial(ThreadState::start);

    @Nullable
    Scope innermost;

    boolean recording;
    Device device = Device.cpu();
    int[] deviceCode = device.code();
    Precision precision = Precision.FLOAT32;
    /** Threads of one operation. */
    int threads = 1;

    /** Blocks to be computed again, in the order of the forward pass. */
    final List<DeferredGradient> checkpoints = new ArrayList<>();

    final List<DeferredGradient> deferred = new ArrayList<>();

    private ThreadState() {}

    static ThreadState current() {
        return CURRENT.get();
    }

    private static ThreadState start() {
        if (Thread.currentThread().isVirtual()) {
            throw new IllegalStateException(
                    "Tensors need a platform thread: libtorch keeps its settings per carrier thread");
        }
        NativeLibrary.ensureLoaded();
        TorchThreads.record(false);
        TorchThreads.optimiseScripts(false);
        return new ThreadState();
    }

    void use(Device chosen) {
        device = chosen;
        deviceCode = chosen.code();
    }

    void record(boolean enabled) {
        TorchThreads.record(enabled);
        recording = enabled;
    }
}
