package ai.djl.pytorch.jni;

import static ai.djl.pytorch.jni.PyTorchLibrary.LIB;

import java.io.ByteArrayInputStream;
import org.jspecify.annotations.NullMarked;

/**
 * A loaded TorchScript module and calls to its functions with typed arguments.
 *
 * <p>DJL's own call path parses argument names and runs in inference mode; this one takes tensors, lists of tensors, numbers
 * and none, keeps autograd, and lives in DJL's package because the natives are package-private (class path only).
 */
@NullMarked
public final class TorchModule {
    private static final int COPY_BUFFER = 1 << 16;

    private final long module;

    /** Loads an archive for the given device. The module lives as long as the process. */
    public TorchModule(byte[] archive, int[] device) {
        module = LIB.moduleLoad(new ByteArrayInputStream(archive), device, false, new byte[COPY_BUFFER], -1);
    }

    /** One argument of a call: a native value that is deleted after the call. */
    public record Argument(long value) {
        public static Argument tensor(long handle) {
            return new Argument(LIB.iValueFromTensor(handle));
        }

        public static Argument tensors(long[] handles) {
            return new Argument(LIB.iValueFromTensorList(handles));
        }

        public static Argument number(double value) {
            return new Argument(LIB.iValueFromDouble(value));
        }

        public static Argument integer(long value) {
            return new Argument(LIB.iValueFromLong(value));
        }

        public static Argument flag(boolean value) {
            return new Argument(LIB.iValueFromBool(value));
        }
    }

    /** Calls a function that returns one tensor. */
    public long tensor(String function, Argument... arguments) {
        long result = call(function, arguments);
        try {
            return LIB.iValueToTensor(result);
        } finally {
            LIB.torchDeleteIValue(result);
        }
    }

    /** Calls a function that returns a list of tensors. */
    public long[] tensors(String function, Argument... arguments) {
        long result = call(function, arguments);
        try {
            return LIB.iValueToTensorList(result);
        } finally {
            LIB.torchDeleteIValue(result);
        }
    }

    /** Calls a function that returns a truth value. */
    public boolean flag(String function, Argument... arguments) {
        long result = call(function, arguments);
        try {
            return LIB.iValueToBool(result);
        } finally {
            LIB.torchDeleteIValue(result);
        }
    }

    private long call(String function, Argument[] arguments) {
        long[] values = new long[arguments.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = arguments[i].value();
        }
        try {
            return LIB.moduleRunMethod(module, function, values, true, false);
        } finally {
            for (long value : values) {
                LIB.torchDeleteIValue(value);
            }
        }
    }
}
