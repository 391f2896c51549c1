/** How scored responses become preference pairs. */
@NullMarked
package io.goodhart.tuning.pairs;

import org.jspecify.annotations.NullMarked;
