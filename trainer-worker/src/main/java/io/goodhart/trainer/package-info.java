/** Claims tasks, supervises the child JVM, one executor per task kind. */
@NullMarked
package io.goodhart.trainer;

import org.jspecify.annotations.NullMarked;
