package io.goodhart.tensor;

/** Where a tensor's memory lies and its operations run. */
public sealed interface Device {
    /** Main memory. */
    static Device cpu() {
        return Cpu.ONLY;
    }

    /** The accelerator of the given index; needs a CUDA build of libtorch (see {@code PYTORCH_LIBRARY_PATH}). */
    static Device cuda(int index) {
        return new Cuda(index);
    }

    /** Reads {@code cpu}, {@code cuda} or {@code cuda:1}. */
    static Device parse(String name) {
        if (name.equals("cpu")) {
            return cpu();
        }
        if (name.equals("cuda")) {
            return cuda(0);
        }
        if (name.startsWith("cuda:")) {
            return cuda(Integer.parseInt(name.substring("cuda:".length())));
        }
        throw new IllegalArgumentException("Device must be cpu, cuda or cuda:<index>, got " + name);
    }

    /** Main memory. */
    enum Cpu implements Device {
        ONLY;

        @Override
        public String toString() {
            return "cpu";
        }
    }

    /** One accelerator. */
    record Cuda(int index) implements Device {
        public Cuda {
            if (index < 0) {
                throw new IllegalArgumentException("Device index must not be negative, got " + index);
            }
        }

        @Override
        public String toString() {
            return "cuda:" + index;
        }
    }

    /** DJL's pair of device type and index. */
    default int[] code() {
        return switch (this) {
            case Cpu _ -> new int[] {0, -1};
            case Cuda cuda -> new int[] {1, cuda.index()};
        };
    }

    /** The device of a native pair of type and index. */
    static Device ofCode(int[] code) {
        return code[0] == 0 ? cpu() : cuda(Math.max(code[1], 0));
    }
}
