/** Where a forward pass can be read and changed. */
@NullMarked
package io.goodhart.lm.hook;

import org.jspecify.annotations.NullMarked;
