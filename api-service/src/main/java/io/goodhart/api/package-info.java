/** The REST service. {@link io.goodhart.api.ApiServiceConfiguration} is all of it, for those who embed it. */
@NullMarked
package io.goodhart.api;

import org.jspecify.annotations.NullMarked;
