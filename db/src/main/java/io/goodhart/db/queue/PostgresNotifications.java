package io.goodhart.db.queue;

import io.goodhart.db.DbProperties;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** Listens on one connection of the pool, on a thread of its own; comes back by itself after the connection was lost. */
@Component
final class PostgresNotifications implements TaskNotifications, SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresNotifications.class);
    private static final int SLICE_MILLIS = 100;
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(5);

    private final DataSource dataSource;
    private final DbProperties properties;
    private final Map<UUID, Set<Runnable>> onEvents = new ConcurrentHashMap<>();
    private final Map<UUID, Set<Runnable>> onCancel = new ConcurrentHashMap<>();
    private final Object tasksMonitor = new Object();
    private final AtomicInteger timesListening = new AtomicInteger();
    private final ThreadLocal<Long> seen = ThreadLocal.withInitial(() -> -1L);
    private long tasksVersion;
    private @Nullable CountDownLatch stop;
    private @Nullable Thread thread;

    PostgresNotifications(DataSource dataSource, DbProperties properties) {
        this.dataSource = dataSource;
        this.properties = properties;
    }

    @Override
    public void awaitTasks(Duration atMost) throws InterruptedException {
        long deadline =
                System.nanoTime() + shorter(atMost, properties.pollInterval()).toNanos();
        synchronized (tasksMonitor) {
            // what came since this thread last waited counts too: it may have come after the thread last looked
            while (tasksVersion == seen.get()) {
                long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (millis <= 0) {
                    return;
                }
                tasksMonitor.wait(millis);
            }
            seen.set(tasksVersion);
        }
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    @Override
    public Subscription onEvents(UUID experiment, Runnable listener) {
        return subscribe(onEvents, experiment, listener);
    }

    @Override
    public Subscription onCancel(UUID task, Runnable listener) {
        return subscribe(onCancel, task, listener);
    }

    private static Subscription subscribe(Map<UUID, Set<Runnable>> listeners, UUID id, Runnable listener) {
        Runnable own = () -> listener.run(); // the same listener twice is two subscriptions
        listeners.compute(id, (key, present) -> {
            Set<Runnable> all = present == null ? ConcurrentHashMap.newKeySet() : present;
            all.add(own);
            return all;
        });
        return () -> listeners.computeIfPresent(id, (key, all) -> {
            all.remove(own);
            return all.isEmpty() ? null : all;
        });
    }

    @Override
    public synchronized void start() {
        if (stop == null) {
            CountDownLatch latch = new CountDownLatch(1);
            stop = latch;
            thread = Thread.ofVirtual().name("task-notifications").start(() -> run(latch));
        }
    }

    @Override
    public synchronized void stop() {
        if (stop == null || thread == null) {
            return;
        }
        stop.countDown();
        stop = null;
        try {
            thread.join(STOP_PATIENCE); // it gives its connection back before the pool closes
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return stop != null;
    }

    private void run(CountDownLatch stopped) {
        boolean failedBefore = false;
        try {
            while (stopped.getCount() > 0) {
                if (properties.listen()) {
                    try {
                        listen(stopped);
                        failedBefore = false;
                    } catch (SQLException e) {
                        if (!failedBefore && stopped.getCount() > 0) {
                            LOG.warn("Cannot listen for notifications; polling until it works again", e);
                        }
                        failedBefore = true;
                    }
                }
                boolean ended = stopped.await(properties.pollInterval().toMillis(), TimeUnit.MILLISECONDS);
                if (!ended) {
                    wakeAll();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void listen(CountDownLatch stopped) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(true);
            statement.execute("listen goodhart_task; listen goodhart_event; listen goodhart_cancel");
            try {
                wakeAll(); // what was sent before this was not heard
                timesListening.incrementAndGet();
                receive(connection.unwrap(PGConnection.class), stopped);
            } finally {
                if (!connection.isClosed()) {
                    statement.execute("unlisten *");
                }
            }
        }
    }

    private void receive(PGConnection connection, CountDownLatch stopped) throws SQLException {
        long nextPoll = System.nanoTime() + properties.pollInterval().toNanos();
        while (stopped.getCount() > 0) {
            for (PGNotification notification : connection.getNotifications(SLICE_MILLIS)) {
                dispatch(notification.getName(), notification.getParameter());
            }
            if (System.nanoTime() - nextPoll >= 0) {
                wakeAll();
                nextPoll = System.nanoTime() + properties.pollInterval().toNanos();
            }
        }
    }

    private void dispatch(String channel, String payload) {
        switch (channel) {
            case "goodhart_task" -> wakeTasks();
            case "goodhart_event" -> wake(onEvents, payload);
            case "goodhart_cancel" -> wake(onCancel, payload);
            default -> LOG.debug("Nobody waits on channel {}", channel);
        }
    }

    /** Anybody who may connect can notify; what names nothing wakes nobody. */
    private static void wake(Map<UUID, Set<Runnable>> listeners, String payload) {
        try {
            wake(listeners.get(UUID.fromString(payload)));
        } catch (IllegalArgumentException e) {
            LOG.warn("A notification names nothing: {}", e.getMessage());
        }
    }

    /** How often it has come to the point from which on it hears everything. */
    int timesListening() {
        return timesListening.get();
    }

    private void wakeAll() {
        wakeTasks();
        onEvents.values().forEach(PostgresNotifications::wake);
        onCancel.values().forEach(PostgresNotifications::wake);
    }

    private void wakeTasks() {
        synchronized (tasksMonitor) {
            tasksVersion++;
            tasksMonitor.notifyAll();
        }
    }

    private static void wake(@Nullable Set<Runnable> listeners) {
        if (listeners != null) {
            listeners.forEach(Runnable::run);
        }
    }
}
