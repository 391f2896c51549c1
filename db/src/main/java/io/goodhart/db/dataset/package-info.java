/** Registered data sets: versions of names, each one exact content. */
@NullMarked
package io.goodhart.db.dataset;

import org.jspecify.annotations.NullMarked;
