/** What can be typed. */
@NullMarked
package io.goodhart.standalone.command;

import org.jspecify.annotations.NullMarked;
