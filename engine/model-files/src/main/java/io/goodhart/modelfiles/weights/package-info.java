/** One table per architecture of the tensors that a checkpoint must hold. */
@NullMarked
package io.goodhart.modelfiles.weights;

import org.jspecify.annotations.NullMarked;
