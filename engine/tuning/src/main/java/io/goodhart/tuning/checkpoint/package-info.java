/** Files from which an interrupted training continues bit by bit. */
@NullMarked
package io.goodhart.tuning.checkpoint;

import org.jspecify.annotations.NullMarked;
