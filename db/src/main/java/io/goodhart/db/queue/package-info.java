/** The task queue as workers see it: claim, heartbeat, results, and who is at work. */
@NullMarked
package io.goodhart.db.queue;

import org.jspecify.annotations.NullMarked;
