@NullMarked
package io.goodhart.trainer.execute;

import org.jspecify.annotations.NullMarked;
