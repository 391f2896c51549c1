@NullMarked
package io.goodhart.db.codec;

import org.jspecify.annotations.NullMarked;
