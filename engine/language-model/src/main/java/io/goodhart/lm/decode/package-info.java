/** The next token of many rows by one native call. */
@NullMarked
package io.goodhart.lm.decode;

import org.jspecify.annotations.NullMarked;
