@NullMarked
package io.goodhart.api.facts;

import org.jspecify.annotations.NullMarked;
