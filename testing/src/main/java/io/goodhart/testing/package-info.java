/** What tests of every module share: where reference values and small models lie. */
@NullMarked
package io.goodhart.testing;

import org.jspecify.annotations.NullMarked;
