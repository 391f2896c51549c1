@NullMarked
package io.goodhart.trainer.child;

import org.jspecify.annotations.NullMarked;
