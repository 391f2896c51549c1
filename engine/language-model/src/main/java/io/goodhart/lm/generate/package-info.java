/** Batched generation with a key-value cache. */
@NullMarked
package io.goodhart.lm.generate;

import org.jspecify.annotations.NullMarked;
