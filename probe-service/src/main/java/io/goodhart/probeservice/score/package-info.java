/** Scores of texts: what a probe reads while its model reads. */
@NullMarked
package io.goodhart.probeservice.score;

import org.jspecify.annotations.NullMarked;
