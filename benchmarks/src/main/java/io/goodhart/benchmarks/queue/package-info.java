/** Benchmarks of the queue on a PostgreSQL server with durable settings. */
@NullMarked
package io.goodhart.benchmarks.queue;

import org.jspecify.annotations.NullMarked;
