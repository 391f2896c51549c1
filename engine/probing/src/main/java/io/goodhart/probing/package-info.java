/** Linear probes as data: vectors, activations with labels, fitted weights, and their files. Axes: N examples, D width of the site. */
@NullMarked
package io.goodhart.probing;

import org.jspecify.annotations.NullMarked;
