/** Hugging Face model directories, read and judged without native code. */
@NullMarked
package io.goodhart.modelfiles;

import org.jspecify.annotations.NullMarked;
