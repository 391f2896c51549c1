package io.goodhart.db.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.goodhart.db.DbProperties;
import io.goodhart.db.DbTest;
import io.goodhart.db.Scenario;
import io.goodhart.db.Scenario.Graph;
import io.goodhart.db.experiment.ExperimentId;
import io.goodhart.db.experiment.Experiments;
import java.time.Duration;
import java.util.UUID;
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

    private static final Duration SOON = Duration.ofSeconds(60);

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
        awaitListening(1);
        notifications.awaitTasks(Duration.ZERO); // this thread has seen everything up to now
    }

    private void awaitListening(int times) throws InterruptedException {
        long deadline = System.nanoTime() + SOON.toNanos();
        while (notifications.timesListening() < times) {
            assertThat(System.nanoTime()).as("time").isLessThan(deadline);
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    /** Notifications come in the order of the commits: once the mark has come, everything before it has. */
    private void settle() throws InterruptedException {
        UUID mark = UUID.randomUUID();
        Semaphore marked = new Semaphore(0);
        try (TaskNotifications.Subscription subscription = notifications.onCancel(mark, marked::release)) {
            send("goodhart_cancel", mark.toString());
            assertThat(wakes(marked)).isTrue();
        }
    }

    private void send(String channel, String payload) {
        jdbc.sql("select count(pg_notify(:channel, :payload))")
                .param("channel", channel)
                .param("payload", payload)
                .query(Long.class)
                .single();
    }

    private static boolean wakes(Semaphore woken) throws InterruptedException {
        return woken.tryAcquire(SOON.toSeconds(), TimeUnit.SECONDS);
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
        settle();
        Semaphore cancels = new Semaphore(0);
        Semaphore mine = new Semaphore(0);
        Semaphore others = new Semaphore(0);
        try (TaskNotifications.Subscription toMine = notifications.onEvents(id.value(), mine::release);
                TaskNotifications.Subscription toOthers = notifications.onEvents(other.value(), others::release);
                TaskNotifications.Subscription toCancel =
                        notifications.onCancel(a.ref().task(), cancels::release)) {
            queue.event(a.ref(), EventLevel.INFO, "note", "hello", null);
            assertThat(wakes(mine)).isTrue();
            experiments.cancel(id);
            assertThat(wakes(cancels)).isTrue();
            assertThat(wakes(mine)).isTrue();
            settle();
            assertThat(others.availablePermits()).isZero();
        }
    }

    @Test
    void closedSubscriptionIsNotCalledAgain() throws InterruptedException {
        ExperimentId id = scenario.submit(new Graph("closed").task("a"));
        ClaimedTask a = scenario.claim();
        settle();
        Semaphore closed = new Semaphore(0);
        Semaphore open = new Semaphore(0);
        notifications.onEvents(id.value(), closed::release).close();
        try (TaskNotifications.Subscription subscription = notifications.onEvents(id.value(), open::release)) {
            queue.event(a.ref(), EventLevel.INFO, "note", "hello", null);
            assertThat(wakes(open)).isTrue();
            settle();
        }
        assertThat(closed.availablePermits()).isZero();
    }

    @Test
    void withoutNotificationsWorkFlowsAtThePollInterval() throws InterruptedException {
        notifications.stop();
        notifications = listening(false, Duration.ofMillis(50));
        notifications.start();
        scenario.submit(new Graph("poll").task("a"));
        long start = System.nanoTime();
        for (int i = 0; i < 3; i++) {
            notifications.awaitTasks(SOON);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SOON);
        assertThat(scenario.tryClaim()).isPresent();
    }

    @Test
    void notificationThatNamesNothingHarmsNothing() throws InterruptedException {
        send("goodhart_event", "nonsense");
        send("goodhart_cancel", "");
        settle();
        assertThat(notifications.timesListening()).isEqualTo(1);
    }

    @Test
    void listenerComesBackAfterItsConnectionWasLost() throws InterruptedException {
        notifications.stop();
        notifications = listening(true, Duration.ofSeconds(1));
        startAndWaitUntilItListens();
        Semaphore woken = new Semaphore(0);
        ExperimentId id = scenario.submit(new Graph("lost").task("a"));
        ClaimedTask a = scenario.claim();
        assertThat(loseConnections()).isPositive();
        awaitListening(2);
        try (TaskNotifications.Subscription subscription = notifications.onEvents(id.value(), woken::release)) {
            queue.event(a.ref(), EventLevel.INFO, "note", "hello", null);
            assertThat(wakes(woken)).isTrue();
        }
    }

    private long loseConnections() {
        return jdbc.sql("""
                select count(pg_terminate_backend(pid)) from pg_stat_activity
                 where datname = current_database() and pid <> pg_backend_pid()
                   and query like '%listen goodhart%' and query not like '%pg_terminate%'""").query(Long.class).single();
    }
}
