/** Causal language models: one short description per family over shared blocks. */
@NullMarked
package io.goodhart.lm.model;

import org.jspecify.annotations.NullMarked;
