/** The training loop. */
@NullMarked
package io.goodhart.tuning.loop;

import org.jspecify.annotations.NullMarked;
