package io.goodhart.db.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.goodhart.db.DbProperties;
import io.goodhart.db.DbTest;
import io.goodhart.db.Scenario;
import io.goodhart.db.Scenario.Graph;
import io.goodhart.db.experiment.ExperimentId;
import io.goodhart.db.experiment.Experiments;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

@DbTest
class NotificationsIT {
    /** Far longer than any notification takes, so that whoever wakes earlier was notified. */
    private static final Duration NEVER = Duration.ofMinutes(10);

    private static final Duration SOON = Duration.ofSeconds(20);

    private final DataSource dataSource;
    private final TaskQueue queue;
    private final Experiments experiments;
    private final Scenario scenario;
    private final JdbcClient jdbc;
    private PostgresNotifications notifications;

    @Autowired
    NotificationsIT(
            DataSource dataSource, TaskQueue queue, Experiments experiments, Scenario scenario, JdbcClient jdbc) {
        this.dataSource = dataSource;
        this.queue = queue;
        this.experiments = experiments;
        this.scenario = scenario;
        this.jdbc = jdbc;
        this.notifications = listening(true, NEVER);
    }

    private PostgresNotifications listening(boolean listen, Duration pollInterval) {
        return new PostgresNotifications(
                dataSource, new DbProperties(listen, pollInterval, false, NEVER, 3, Duration.ZERO, NEVER));
    }

    @BeforeEach
    void start() throws InterruptedException {
        scenario.clear();
        startAndWaitUntilItListens();
    }

    private void startAndWaitUntilItListens() throws InterruptedException {
        notifications.start();
        notifications.awaitTasks(Duration.ZERO);
        notifications.awaitTasks(SOON); // it wakes everybody once it listens
    }

    @AfterEach
    void stop() {
        notifications.stop();
    }

    @Test
    void submissionWakesAWaitingWorkerAtOnce() throws InterruptedException {
        long start = System.nanoTime();
        scenario.submit(new Graph("wake").task("a"));
        notifications.awaitTasks(SOON);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SOON);
        assertThat(scenario.tryClaim()).isPresent();
    }

    @Test
    void endOfAnInputWakesAWaitingWorker() throws InterruptedException {
        scenario.submit(new Graph("next").task("a").task("b", "a"));
        notifications.awaitTasks(SOON);
        ClaimedTask a = scenario.claim();
        long start = System.nanoTime();
        scenario.succeed(a);
        notifications.awaitTasks(SOON);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SOON);
    }

    @Test
    void eventsAndCancellationsWakeThoseWhoAskedForThem() throws InterruptedException {
        ExperimentId id = scenario.submit(new Graph("events").task("a"));
        ExperimentId other = scenario.submit(new Graph("other").task("b"));
        ClaimedTask a = scenario.claim();
        notifications.awaitTasks(SOON);
        Semaphore cancels = new Semaphore(0);
        Semaphore mine = new Semaphore(0);
        Semaphore others = new Semaphore(0);
        try (TaskNotifications.Subscription toMine = notifications.onEvents(id.value(), mine::release);
                TaskNotifications.Subscription toOthers = notifications.onEvents(other.value(), others::release);
                TaskNotifications.Subscription toCancel =
                        notifications.onCancel(a.ref().task(), cancels::release)) {
            queue.event(a.ref(), EventLevel.INFO, "note", "hello", null);
            assertThat(mine.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
            experiments.cancel(id);
            assertThat(cancels.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
            assertThat(mine.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
            assertThat(others.availablePermits()).isZero();
        }
    }

    @Test
    void closedSubscriptionIsNotCalledAgain() throws InterruptedException {
        ExperimentId id = scenario.submit(new Graph("closed").task("a"));
        ClaimedTask a = scenario.claim();
        Semaphore closed = new Semaphore(0);
        Semaphore open = new Semaphore(0);
        notifications.onEvents(id.value(), closed::release).close();
        try (TaskNotifications.Subscription subscription = notifications.onEvents(id.value(), open::release)) {
            queue.event(a.ref(), EventLevel.INFO, "note", "hello", null);
            assertThat(open.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(closed.availablePermits()).isZero();
    }

    @Test
    void withoutNotificationsWorkFlowsAtThePollInterval() throws InterruptedException {
        notifications.stop();
        notifications = listening(false, Duration.ofMillis(50));
        startAndWaitUntilItListens();
        scenario.submit(new Graph("poll").task("a"));
        long start = System.nanoTime();
        for (int i = 0; i < 3; i++) {
            notifications.awaitTasks(SOON);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SOON);
        assertThat(scenario.tryClaim()).isPresent();
    }

    @Test
    void listenerComesBackAfterItsConnectionWasLost() throws InterruptedException {
        notifications.stop();
        notifications = listening(true, Duration.ofSeconds(1));
        startAndWaitUntilItListens();
        Semaphore woken = new Semaphore(0);
        ExperimentId id = scenario.submit(new Graph("lost").task("a"));
        ClaimedTask a = scenario.claim();
        jdbc.sql("""
                select count(pg_terminate_backend(pid)) from pg_stat_activity
                 where datname = current_database() and query like 'listen%' and pid <> pg_backend_pid()""").query(Long.class).single();
        try (TaskNotifications.Subscription subscription = notifications.onEvents(id.value(), woken::release)) {
            queue.event(a.ref(), EventLevel.INFO, "note", "hello", null);
            assertThat(woken.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
        }
    }
}
