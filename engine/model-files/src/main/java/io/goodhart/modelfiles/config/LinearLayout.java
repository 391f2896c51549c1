package io.goodhart.modelfiles.config;

/**
 * A linear module.
 *
 * @param name of the module; its tensors are {@code name.weight} and {@code name.bias}
 */
public record LinearLayout(String name, int out, int in, Bias bias, Storage storage) {
    /** Stored as usual. */
    public LinearLayout(String name, int out, int in, Bias bias) {
        this(name, out, in, bias, Storage.OUT_IN);
    }

    /** Whether a linear module has a bias. */
    public enum Bias {
        PRESENT,
        ABSENT;

        /** By a flag of config.json. */
        public static Bias when(boolean present) {
            return present ? PRESENT : ABSENT;
        }
    }

    /** How the weight lies in the file. */
    public enum Storage {
        OUT_IN,
        /** Transposed: Conv1D of GPT-2. */
        IN_OUT
    }
}
