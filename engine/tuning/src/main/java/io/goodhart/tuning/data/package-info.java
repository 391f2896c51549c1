/** Training rows, their order, and which row is used at which step. */
@NullMarked
package io.goodhart.tuning.data;

import org.jspecify.annotations.NullMarked;
