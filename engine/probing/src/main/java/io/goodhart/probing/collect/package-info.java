/** From the activations or probe logits of a response's tokens to one value, whole or token by token. */
@NullMarked
package io.goodhart.probing.collect;

import org.jspecify.annotations.NullMarked;
