package io.goodhart.modelfiles.weights;

import java.util.List;

/**
 * A tensor that a checkpoint must hold.
 *
 * @param name Hugging Face name, with the architecture's prefix
 * @param shape as it is stored
 * @param kind what it is
 */
public record ExpectedTensor(String name, List<Long> shape, Kind kind) {
    public ExpectedTensor {
        shape = List.copyOf(shape);
    }

    /** What a tensor is, and how it lies in the file. */
    public enum Kind {
        /** Embedding, norm or bias. */
        PLAIN,
        /** Weight of a linear module, stored [out,in]. */
        LINEAR,
        /** Weight of a linear module, stored transposed as [in,out]: Conv1D of GPT-2. */
        TRANSPOSED_LINEAR,
        /** The vocabulary projection [V,D], when it is not the token embedding. */
        HEAD
    }

    /** Whether it is the weight of a linear module that adapters may target. */
    public boolean isLinear() {
        return kind == Kind.LINEAR || kind == Kind.TRANSPOSED_LINEAR;
    }

    /** Name of the module that holds the tensor: its name without the last part. */
    public String module() {
        return name.substring(0, name.lastIndexOf('.'));
    }

    /** Number of values. */
    public long elements() {
        return shape.stream().mapToLong(Long::longValue).reduce(1, (a, b) -> a * b);
    }
}
