@NullMarked
package io.goodhart.trainer.protocol;

import org.jspecify.annotations.NullMarked;
