/** The process that reads texts with a model, so that native code never runs in the service. */
@NullMarked
package io.goodhart.probeservice.child;

import org.jspecify.annotations.NullMarked;
