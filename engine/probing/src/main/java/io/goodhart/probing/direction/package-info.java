/** What the weight vectors of several probes have in common. */
@NullMarked
package io.goodhart.probing.direction;

import org.jspecify.annotations.NullMarked;
