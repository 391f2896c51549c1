@NullMarked
package io.goodhart.trainer.supervisor;

import org.jspecify.annotations.NullMarked;
