/** Runs: one arm with one seed, its tasks, curves and checkpoints. */
@NullMarked
package io.goodhart.api.run;

import org.jspecify.annotations.NullMarked;
