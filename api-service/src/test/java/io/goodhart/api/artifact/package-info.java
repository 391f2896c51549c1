@NullMarked
package io.goodhart.api.artifact;

import org.jspecify.annotations.NullMarked;
