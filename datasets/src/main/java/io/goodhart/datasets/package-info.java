/** Reads data files: prompts and texts, filtered, made distinct, and put into an order that depends on a seed alone. */
@NullMarked
package io.goodhart.datasets;

import org.jspecify.annotations.NullMarked;
