/** What supervisor and child say to each other: JSON lines over the child's stdin and stdout. */
@NullMarked
package io.goodhart.trainer.protocol;

import org.jspecify.annotations.NullMarked;
