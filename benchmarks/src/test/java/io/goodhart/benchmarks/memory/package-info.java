@NullMarked
package io.goodhart.benchmarks.memory;

import org.jspecify.annotations.NullMarked;
