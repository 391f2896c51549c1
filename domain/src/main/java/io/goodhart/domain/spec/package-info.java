/** An experiment as a user writes it. */
@NullMarked
package io.goodhart.domain.spec;

import org.jspecify.annotations.NullMarked;
