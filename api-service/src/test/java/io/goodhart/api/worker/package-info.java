@NullMarked
package io.goodhart.api.worker;

import org.jspecify.annotations.NullMarked;
