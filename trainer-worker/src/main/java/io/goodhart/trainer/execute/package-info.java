/** One executor per task kind. Runs in the child. */
@NullMarked
package io.goodhart.trainer.execute;

import org.jspecify.annotations.NullMarked;
