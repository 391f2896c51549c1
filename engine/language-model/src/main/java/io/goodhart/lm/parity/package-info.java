/** Compares a model with what another implementation computed for it. */
@NullMarked
package io.goodhart.lm.parity;

import org.jspecify.annotations.NullMarked;
