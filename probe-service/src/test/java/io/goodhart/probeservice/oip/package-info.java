@NullMarked
package io.goodhart.probeservice.oip;

import org.jspecify.annotations.NullMarked;
