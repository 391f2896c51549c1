/** The model registry: sources that were taken in, fetched and checked. */
@NullMarked
package io.goodhart.api.model;

import org.jspecify.annotations.NullMarked;
