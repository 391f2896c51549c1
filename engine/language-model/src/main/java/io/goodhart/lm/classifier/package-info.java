/** Sequence classifiers. */
@NullMarked
package io.goodhart.lm.classifier;

import org.jspecify.annotations.NullMarked;
