package io.goodhart.api.fake;

import io.goodhart.db.queue.TaskNotifications;
import java.time.Duration;
import java.util.UUID;

/** Never notifies anybody: whoever waits must poll. */
public final class FakeNotifications implements TaskNotifications {
    @Override
    public void awaitTasks(Duration atMost) {}

    @Override
    public Subscription onEvents(UUID experiment, Runnable listener) {
        return () -> {};
    }

    @Override
    public Subscription onCancel(UUID task, Runnable listener) {
        return () -> {};
    }
}
