/** Workers that are alive, and the queue they draw from. */
@NullMarked
package io.goodhart.api.worker;

import org.jspecify.annotations.NullMarked;
