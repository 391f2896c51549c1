/** What an experiment is. Plain Java: the domain outlives every framework. */
@NullMarked
package io.goodhart.domain;

import org.jspecify.annotations.NullMarked;
