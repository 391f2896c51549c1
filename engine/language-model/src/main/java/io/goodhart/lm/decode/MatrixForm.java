package io.goodhart.lm.decode;

import io.goodhart.domain.validate.TaskMemory;
import io.goodhart.lm.weights.Weights;
import io.goodhart.tensor.Tensor;

/** How the matrices of a model are kept for decoding. */
public enum MatrixForm {
    /** As they are. */
    PLAIN,

    /** Copied into the order in which oneDNN reads them, modules with one input side by side: less time, twice the memory. */
    PACKED;

    /** What suits a model. It depends on nothing else, so that the same model gives the same numbers whatever memory is free. */
    public static MatrixForm of(Weights weights) {
        long numbers =
                weights.asMap().values().stream().mapToLong(Tensor::elements).sum();
        return numbers <= TaskMemory.COPIED_FOR_DECODING ? PACKED : PLAIN;
    }
}
