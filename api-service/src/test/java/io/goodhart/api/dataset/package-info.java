@NullMarked
package io.goodhart.api.dataset;

import org.jspecify.annotations.NullMarked;
