/** Low-rank adapters, and their files as PEFT writes them. */
@NullMarked
package io.goodhart.lm.adapter;

import org.jspecify.annotations.NullMarked;
