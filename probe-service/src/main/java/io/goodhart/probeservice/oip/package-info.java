/** The Open Inference Protocol v2 with the binary tensor extension. */
@NullMarked
package io.goodhart.probeservice.oip;

import org.jspecify.annotations.NullMarked;
