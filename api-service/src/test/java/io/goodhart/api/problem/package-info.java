@NullMarked
package io.goodhart.api.problem;

import org.jspecify.annotations.NullMarked;
