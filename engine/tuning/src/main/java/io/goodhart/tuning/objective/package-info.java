/** Training objectives as pure functions of log-probabilities and activations. */
@NullMarked
package io.goodhart.tuning.objective;

import org.jspecify.annotations.NullMarked;
