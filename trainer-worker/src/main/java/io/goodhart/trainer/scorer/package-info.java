/** Scorers that are no model of ours: remote judges. */
@NullMarked
package io.goodhart.trainer.scorer;

import org.jspecify.annotations.NullMarked;
