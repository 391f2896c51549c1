package io.goodhart.tensor;

import ai.djl.engine.EngineException;
import org.jspecify.annotations.Nullable;

/** Tells whether a failed operation ran out of native memory, in main memory or on the accelerator. */
public final class NativeMemory {
    private static final String CPU_ALLOCATOR = "can't allocate memory";
    private static final String CUDA_ALLOCATOR = "CUDA out of memory";

    private NativeMemory() {}

    /** Whether {@code failure} or one of its causes is libtorch's refusal to allocate; libtorch says so in the message only. */
    public static boolean isExhausted(@Nullable Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = cause.getMessage();
            if (cause instanceof EngineException
                    && message != null
                    && (message.contains(CPU_ALLOCATOR) || message.contains(CUDA_ALLOCATOR))) {
                return true;
            }
        }
        return false;
    }
}
