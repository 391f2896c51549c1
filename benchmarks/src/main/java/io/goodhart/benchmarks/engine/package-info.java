/** Benchmarks of the numeric engine. */
@NullMarked
package io.goodhart.benchmarks.engine;

import org.jspecify.annotations.NullMarked;
