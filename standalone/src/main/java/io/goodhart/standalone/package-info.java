/** All services in one process, and the command line. */
@NullMarked
package io.goodhart.standalone;

import org.jspecify.annotations.NullMarked;
