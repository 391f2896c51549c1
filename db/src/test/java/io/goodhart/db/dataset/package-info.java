@NullMarked
package io.goodhart.db.dataset;

import org.jspecify.annotations.NullMarked;
