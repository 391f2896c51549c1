/** What tuning needs of a language model. */
@NullMarked
package io.goodhart.tuning.model;

import org.jspecify.annotations.NullMarked;
