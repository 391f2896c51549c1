/** The supervisor: claims, heartbeats, watches the child and writes results under the fence. Holds no native code. */
@NullMarked
package io.goodhart.trainer.supervisor;

import org.jspecify.annotations.NullMarked;
