/** Whether resident memory stays flat. */
@NullMarked
package io.goodhart.benchmarks.memory;

import org.jspecify.annotations.NullMarked;
