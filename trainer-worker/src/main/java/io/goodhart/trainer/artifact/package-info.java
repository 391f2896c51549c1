/** Formats of the artifacts that tasks hand to each other. */
@NullMarked
package io.goodhart.trainer.artifact;

import org.jspecify.annotations.NullMarked;
