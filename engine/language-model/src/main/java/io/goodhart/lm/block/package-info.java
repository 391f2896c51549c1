/** The parts that every architecture is made of: norm, rotary positions, attention, MLP. */
@NullMarked
package io.goodhart.lm.block;

import org.jspecify.annotations.NullMarked;
