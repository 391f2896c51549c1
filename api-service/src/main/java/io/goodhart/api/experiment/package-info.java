/** Experiments: submit, validate, watch, cancel, and read the answer. */
@NullMarked
package io.goodhart.api.experiment;

import org.jspecify.annotations.NullMarked;
