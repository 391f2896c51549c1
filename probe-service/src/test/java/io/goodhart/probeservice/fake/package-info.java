@NullMarked
package io.goodhart.probeservice.fake;

import org.jspecify.annotations.NullMarked;
