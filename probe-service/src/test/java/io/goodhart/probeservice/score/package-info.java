@NullMarked
package io.goodhart.probeservice.score;

import org.jspecify.annotations.NullMarked;
