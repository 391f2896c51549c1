package io.goodhart.tensor;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The end of a process whose other threads may be inside libtorch. {@link System#exit} and {@link Runtime#halt} both call the C library's
 * {@code exit}, which takes libtorch's static objects apart: a thread that computes then reads what is gone, and the process ends in a
 * crash instead of with its status. {@code _exit} leaves everything as it is.
 */
public final class ProcessExit {
    private ProcessExit() {}

    /** Ends the process; nothing that is buffered is written. */
    public static void now(int status) {
        Linker linker = Linker.nativeLinker();
        MethodHandle exit = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("_exit"), FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT));
        try {
            exit.invokeExact(status);
        } catch (Throwable e) {
            throw new AssertionError("_exit throws nothing", e);
        }
    }
}
