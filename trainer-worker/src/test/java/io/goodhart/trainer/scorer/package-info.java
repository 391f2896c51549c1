@NullMarked
package io.goodhart.trainer.scorer;

import org.jspecify.annotations.NullMarked;
