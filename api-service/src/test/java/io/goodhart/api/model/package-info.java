@NullMarked
package io.goodhart.api.model;

import org.jspecify.annotations.NullMarked;
