@NullMarked
package io.goodhart.domain.report;

import org.jspecify.annotations.NullMarked;
