/** The one JSON form of everything that crosses a border. */
@NullMarked
package io.goodhart.db.codec;

import org.jspecify.annotations.NullMarked;
