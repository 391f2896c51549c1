/** What a terminal shows while something takes long. */
@NullMarked
package io.goodhart.standalone.terminal;

import org.jspecify.annotations.NullMarked;
