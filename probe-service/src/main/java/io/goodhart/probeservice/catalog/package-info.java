/** The probes that can be served. */
@NullMarked
package io.goodhart.probeservice.catalog;

import org.jspecify.annotations.NullMarked;
