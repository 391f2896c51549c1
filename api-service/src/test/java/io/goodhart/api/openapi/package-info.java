@NullMarked
package io.goodhart.api.openapi;

import org.jspecify.annotations.NullMarked;
