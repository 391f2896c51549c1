/**
 * Tensors with owners, automatic differentiation and kernels: the only importer of DJL.
 *
 * <h2>Axis legend, the same in every module</h2>
 * {@code B} batch · {@code T} token position · {@code V} vocabulary · {@code D} d_model · {@code F} d_mlp · {@code H} heads ·
 * {@code G} key/value heads · {@code K} d_head · {@code L} layers · {@code N} probe examples or flattened tokens ·
 * {@code R} LoRA rank. The shape of a tensor is the suffix of its name: {@code logitsBTV}, {@code tokensBT}.
 *
 * <h2>Rules</h2>
 * <ul>
 *   <li>Inputs are borrowed, outputs belong to the innermost {@link io.goodhart.tensor.Scope} of the thread. What outlives its
 *       scope is kept by name ({@link io.goodhart.tensor.Scope#keep}) or handed to a {@link io.goodhart.tensor.TensorStore}.
 *   <li>A number that meets a tensor becomes native memory first, and Java data is copied at the border: automatic
 *       differentiation never sees memory that the garbage collector owns. (DJL's own {@code mul(Number)} and views of arrays made
 *       from Java data read freed memory; {@code SilentCorruptionTest} shows both.)
 *   <li>Recording for gradients is off on every thread until {@link io.goodhart.tensor.Autograd#recording()}.
 *   <li>Platform threads only: libtorch keeps its settings per carrier thread.
 * </ul>
 */
@NullMarked
package io.goodhart.tensor;

import org.jspecify.annotations.NullMarked;
