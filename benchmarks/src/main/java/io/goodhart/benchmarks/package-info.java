/** Benchmarks of speed and memory: run by hand, never as a part of the tests. */
@NullMarked
package io.goodhart.benchmarks;

import org.jspecify.annotations.NullMarked;
