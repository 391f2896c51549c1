@NullMarked
package io.goodhart.trainer;

import org.jspecify.annotations.NullMarked;
