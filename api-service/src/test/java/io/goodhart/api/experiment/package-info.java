@NullMarked
package io.goodhart.api.experiment;

import org.jspecify.annotations.NullMarked;
