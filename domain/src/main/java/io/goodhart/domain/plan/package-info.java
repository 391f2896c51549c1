/** From a specification to a graph of content-addressed tasks. */
@NullMarked
package io.goodhart.domain.plan;

import org.jspecify.annotations.NullMarked;
