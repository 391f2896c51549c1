@NullMarked
package io.goodhart.trainer.artifact;

import org.jspecify.annotations.NullMarked;
