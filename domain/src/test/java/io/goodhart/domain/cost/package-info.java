@NullMarked
package io.goodhart.domain.cost;

import org.jspecify.annotations.NullMarked;
