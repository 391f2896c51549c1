/** Intervals and tests of a few numbers. What is not defined is an empty Optional, never NaN. */
@NullMarked
package io.goodhart.domain.statistics;

import org.jspecify.annotations.NullMarked;
