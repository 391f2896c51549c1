/** Refusals and failures as RFC 9457 problem documents. */
@NullMarked
package io.goodhart.api.problem;

import org.jspecify.annotations.NullMarked;
