/** Experiments, their tasks and the queue, in PostgreSQL. */
@NullMarked
package io.goodhart.db;

import org.jspecify.annotations.NullMarked;
