/** Artifacts: content-addressed outputs, for download. */
@NullMarked
package io.goodhart.api.artifact;

import org.jspecify.annotations.NullMarked;
