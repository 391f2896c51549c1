package io.goodhart.tensor;

import java.util.function.Consumer;

/**
 * Work that {@link Autograd#backward} does after the native pass: once the gradient of {@code output} is complete,
 * {@code action} turns it into gradients of the node's inputs.
 *
 * @param output a leaf that requires a gradient and stands for the node's result in the native graph
 * @param sharesGraph whether {@code action} walks native graphs that the first pass walks too, which must then be kept
 */
record DeferredGradient(Tensor output, boolean sharesGraph, Consumer<Tensor> action) {}
