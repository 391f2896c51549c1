/** The content-addressed artifact store. */
@NullMarked
package io.goodhart.storage;

import org.jspecify.annotations.NullMarked;
