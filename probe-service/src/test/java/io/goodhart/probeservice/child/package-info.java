@NullMarked
package io.goodhart.probeservice.child;

import org.jspecify.annotations.NullMarked;
