/** What an experiment costs before it runs: tokens, steps and time. */
@NullMarked
package io.goodhart.domain.cost;

import org.jspecify.annotations.NullMarked;
