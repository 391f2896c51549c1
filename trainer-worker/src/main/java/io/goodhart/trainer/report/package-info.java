/** Builds the report of an experiment: a pure function of its evaluations. */
@NullMarked
package io.goodhart.trainer.report;

import org.jspecify.annotations.NullMarked;
