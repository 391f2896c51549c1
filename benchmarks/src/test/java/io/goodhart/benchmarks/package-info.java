@NullMarked
package io.goodhart.benchmarks;

import org.jspecify.annotations.NullMarked;
