@NullMarked
package io.goodhart.api;

import org.jspecify.annotations.NullMarked;
