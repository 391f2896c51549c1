/** Log-probabilities of tokens and completions without holding the scores of the whole vocabulary. */
@NullMarked
package io.goodhart.tuning.logprob;

import org.jspecify.annotations.NullMarked;
