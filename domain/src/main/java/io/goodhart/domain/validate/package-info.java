/** Checks a specification as a whole before anything is queued. */
@NullMarked
package io.goodhart.domain.validate;

import org.jspecify.annotations.NullMarked;
