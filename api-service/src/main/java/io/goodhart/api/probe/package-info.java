/** Fitted probes. */
@NullMarked
package io.goodhart.api.probe;

import org.jspecify.annotations.NullMarked;
