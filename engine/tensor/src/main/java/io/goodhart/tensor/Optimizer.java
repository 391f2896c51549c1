package io.goodhart.tensor;

import java.util.Map;

/** Changes parameters in place from their accumulated gradients. A parameter that no gradient reached is left alone. */
public sealed interface Optimizer extends AutoCloseable permits AdamW, RmsProp {
    /** Names and tensors being trained, in the order given; borrowed. */
    Map<String, Tensor> parameters();

    /** One update with the given learning rate. */
    void step(double learningRate);

    /** Sets every accumulated gradient to zero. */
    default void zeroGradients() {
        parameters().values().forEach(Tensor::zeroGradient);
    }

    /**
     * Everything that {@link #restore} needs to go on bit for bit: {@code <kind>/<parameter>}, for example {@code mean/W_E}, and
     * {@code step/<parameter>} (INT64, one element). The moments are borrowed, the steps belong to the current scope.
     */
    Map<String, Tensor> state();

    /**
     * Overwrites the optimiser's memory with a state exported from an optimiser of the same kind and parameters.
     *
     * @throws IllegalArgumentException if a name is missing or unknown, or a shape differs
     */
    void restore(Map<String, Tensor> state);

    /** Frees the optimiser's memory; the parameters are not its own. */
    @Override
    void close();
}
