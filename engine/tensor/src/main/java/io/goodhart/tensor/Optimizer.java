package io.goodhart.tensor;

import java.util.Map;
import java.util.SequencedMap;

/**
 * Changes parameters in place from their accumulated gradients. A parameter that no gradient reached yet is left alone, as PyTorch
 * does where {@code grad} is None: it does not decay, and its updates are counted from the first gradient on.
 */
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
     * The optimiser's whole memory itself, always in the same order: {@code <kind>/<parameter>}, for example {@code mean/W_E}, and
     * {@code step/<parameter>}, the updates of each parameter so far (FLOAT32, one element). Whoever overwrites it with the values of
     * an optimiser of the same kind and parameters goes on bit for bit as that one would.
     */
    SequencedMap<String, Tensor> state();

    /** Frees the optimiser's memory; the parameters are not its own. */
    @Override
    void close();
}
