package io.goodhart.db.queue;

import java.time.Duration;
import java.util.UUID;

/**
 * Wakes those who wait for the queue, by LISTEN/NOTIFY. Whoever waits is also woken at the poll interval, so a lost
 * notification costs time and nothing else. A wake-up says that something may have changed: look.
 */
public interface TaskNotifications {
    /** Waits until a task may have become claimable, the poll interval has passed, or the given time has. */
    void awaitTasks(Duration atMost) throws InterruptedException;

    /** Calls the listener whenever the experiment may have new events. The listener must be quick and must not throw. */
    Subscription onEvents(UUID experiment, Runnable listener);

    /** Calls the listener whenever somebody may have asked to cancel the task. Same rules. */
    Subscription onCancel(UUID task, Runnable listener);

    /** Ends a subscription. */
    @FunctionalInterface
    interface Subscription extends AutoCloseable {
        @Override
        void close();
    }
}
