/** What the tests of this module share. */
@NullMarked
package io.goodhart.tuning;

import org.jspecify.annotations.NullMarked;
