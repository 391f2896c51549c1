/** The services in one Spring context. */
@NullMarked
package io.goodhart.standalone.server;

import org.jspecify.annotations.NullMarked;
