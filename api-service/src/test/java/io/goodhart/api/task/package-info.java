@NullMarked
package io.goodhart.api.task;

import org.jspecify.annotations.NullMarked;
