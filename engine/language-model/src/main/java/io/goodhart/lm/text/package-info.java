/** Texts to activations and likelihoods. */
@NullMarked
package io.goodhart.lm.text;

import org.jspecify.annotations.NullMarked;
