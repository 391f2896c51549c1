/** How a benchmark is timed and what it prints. */
@NullMarked
package io.goodhart.benchmarks.measure;

import org.jspecify.annotations.NullMarked;
