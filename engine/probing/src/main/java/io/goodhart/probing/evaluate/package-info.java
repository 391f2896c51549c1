/** How well scores separate two classes, how sure that is, and whether two probes differ. */
@NullMarked
package io.goodhart.probing.evaluate;

import org.jspecify.annotations.NullMarked;
