/** Facts about models, data and probes that every module names. */
@NullMarked
package io.goodhart.domain.model;

import org.jspecify.annotations.NullMarked;
