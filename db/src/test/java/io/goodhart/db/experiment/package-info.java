@NullMarked
package io.goodhart.db.experiment;

import org.jspecify.annotations.NullMarked;
