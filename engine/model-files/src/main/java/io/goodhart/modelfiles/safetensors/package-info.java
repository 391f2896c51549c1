/** The safetensors format: a validating, memory-mapped reader and an atomic writer. */
@NullMarked
package io.goodhart.modelfiles.safetensors;

import org.jspecify.annotations.NullMarked;
