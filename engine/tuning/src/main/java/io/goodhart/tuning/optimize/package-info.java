/** Learning-rate schedules and the choice of an optimiser. */
@NullMarked
package io.goodhart.tuning.optimize;

import org.jspecify.annotations.NullMarked;
