/** The REST interface as the command line sees it. */
@NullMarked
package io.goodhart.standalone.client;

import org.jspecify.annotations.NullMarked;
