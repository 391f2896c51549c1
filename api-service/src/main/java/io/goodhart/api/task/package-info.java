/** Tasks: steps of a run, and what their workers logged. */
@NullMarked
package io.goodhart.api.task;

import org.jspecify.annotations.NullMarked;
