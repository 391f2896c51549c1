/** From labelled activations to fitted probes: logistic regression, mean difference, calibration, layer sweep, transfer. */
@NullMarked
package io.goodhart.probing.fit;

import org.jspecify.annotations.NullMarked;
