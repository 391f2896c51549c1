@NullMarked
package io.goodhart.probeservice;

import org.jspecify.annotations.NullMarked;
