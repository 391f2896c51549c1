package ai.djl.pytorch.jni;

import static ai.djl.pytorch.jni.PyTorchLibrary.LIB;

import org.jspecify.annotations.NullMarked;

/**
 * Settings that libtorch keeps per thread.
 *
 * <p>DJL keeps its natives package-private, so this class lives in DJL's package (class path only).
 */
@NullMarked
public final class TorchThreads {
    private TorchThreads() {}

    public static boolean isRecording() {
        return LIB.torchIsGradMode();
    }

    public static void record(boolean enabled) {
        LIB.torchSetGradMode(enabled);
    }

    public static int threads() {
        return LIB.torchGetNumThreads();
    }

    /** Threads inside one operation. Sticky: a thread keeps the value it was first given by a parallel region. */
    public static void threads(int count) {
        LIB.torchSetNumThreads(count);
    }

    /** Whether scripts are specialised by profiling runs. */
    public static void optimiseScripts(boolean enabled) {
        LIB.setGraphExecutorOptimize(enabled);
    }

    public static void seed(long seed) {
        LIB.torchManualSeed(seed);
    }
}
