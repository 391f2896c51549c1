/** Experiments as users see them: submitted, watched, cancelled. */
@NullMarked
package io.goodhart.db.experiment;

import org.jspecify.annotations.NullMarked;
