/** Weights in native memory, under their Hugging Face names. */
@NullMarked
package io.goodhart.lm.weights;

import org.jspecify.annotations.NullMarked;
