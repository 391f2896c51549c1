@NullMarked
package io.goodhart.api.security;

import org.jspecify.annotations.NullMarked;
