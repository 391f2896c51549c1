/** Serves fitted probes: on activations by the Open Inference Protocol v2, and on texts. */
@NullMarked
package io.goodhart.probeservice;

import org.jspecify.annotations.NullMarked;
