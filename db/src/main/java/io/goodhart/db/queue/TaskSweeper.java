package io.goodhart.db.queue;

import io.goodhart.db.DbProperties;
import io.goodhart.domain.state.FailureCode;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Ends tasks that no claim will: those whose last attempt was lost, and those that were to be cancelled by a worker that is
 * gone. Any number of processes may sweep.
 */
@Component
public final class TaskSweeper implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(TaskSweeper.class);
    private static final int BATCH = 50;

    private final JdbcClient jdbc;
    private final TransactionTemplate transactions;
    private final Ledger ledger;
    private final TaskEnds ends;
    private final DbProperties properties;
    private @Nullable CountDownLatch stop;

    TaskSweeper(
            JdbcClient jdbc,
            PlatformTransactionManager transactionManager,
            Ledger ledger,
            TaskEnds ends,
            DbProperties properties) {
        this.jdbc = jdbc;
        this.transactions = new TransactionTemplate(transactionManager);
        this.ledger = ledger;
        this.ends = ends;
        this.properties = properties;
    }

    /** Sweeps once. Returns how many tasks it ended. */
    public int sweep() {
        int ended = 0;
        int batch;
        do {
            batch = lost("").isEmpty() ? 0 : sweepBatch();
            ended += batch;
        } while (batch == BATCH);
        return ended;
    }

    private int sweepBatch() {
        Integer ended = transactions.execute(status -> {
            ledger.lockGraph();
            List<Lost> tasks = lost("for no key update skip locked");
            for (Lost task : tasks) {
                if (task.cancelRequested()) {
                    ends.cancel(task.id());
                } else {
                    ends.failForGood(
                            task.id(),
                            FailureCode.ATTEMPTS_EXHAUSTED,
                            "Nothing was heard from its worker in attempt %d of %d"
                                    .formatted(task.attempt(), task.maxAttempts()));
                }
            }
            return tasks.size();
        });
        return ended == null ? 0 : ended;
    }

    private List<Lost> lost(String locking) {
        return jdbc.sql("""
                select id, attempt, max_attempts, cancel_requested from task
                 where state = 'RUNNING' and visible_at <= now() and (attempt >= max_attempts or cancel_requested)
                 order by id limit :batch\s""" + locking)
                .param("batch", BATCH)
                .query((row, number) ->
                        new Lost(row.getObject(1, UUID.class), row.getInt(2), row.getInt(3), row.getBoolean(4)))
                .list();
    }

    @Override
    public synchronized void start() {
        if (!properties.sweep() || stop != null) {
            return;
        }
        CountDownLatch latch = new CountDownLatch(1);
        stop = latch;
        Thread.ofVirtual().name("task-sweeper").start(() -> sweepUntil(latch));
    }

    private void sweepUntil(CountDownLatch stopped) {
        boolean failedBefore = false;
        try {
            while (!stopped.await(properties.sweepInterval().toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    sweep();
                    failedBefore = false;
                } catch (DataAccessException | TransactionException e) {
                    if (!failedBefore) {
                        LOG.warn("Cannot sweep the queue; will try again", e);
                    }
                    failedBefore = true;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public synchronized void stop() {
        if (stop != null) {
            stop.countDown();
            stop = null;
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return stop != null;
    }

    /** A task whose lease has ended for good. */
    private record Lost(UUID id, int attempt, int maxAttempts, boolean cancelRequested) {}
}
