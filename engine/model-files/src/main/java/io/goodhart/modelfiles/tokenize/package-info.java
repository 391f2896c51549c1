/** tokenizer.json through the Hugging Face tokenizers library. */
@NullMarked
package io.goodhart.modelfiles.tokenize;

import org.jspecify.annotations.NullMarked;
