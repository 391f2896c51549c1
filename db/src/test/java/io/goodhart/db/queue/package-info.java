@NullMarked
package io.goodhart.db.queue;

import org.jspecify.annotations.NullMarked;
