/** The child JVM: no Spring, no database; holds libtorch and the loaded models. */
@NullMarked
package io.goodhart.trainer.child;

import org.jspecify.annotations.NullMarked;
