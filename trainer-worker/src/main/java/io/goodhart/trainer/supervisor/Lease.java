package io.goodhart.trainer.supervisor;

import io.goodhart.db.queue.ClaimedTask;
import io.goodhart.db.queue.TaskNotifications;
import io.goodhart.domain.LeaseLostException;
import io.goodhart.trainer.protocol.Message;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a claim alive from a thread of its own, whatever the worker does meanwhile, and carries progress and the wish to
 * cancel. A lease that could not be renewed in time counts as lost, whatever the reason.
 */
final class Lease implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Lease.class);
    private static final Duration PROGRESS = Duration.ofSeconds(1);

    private final TaskBoard board;
    private final ClaimedTask claim;
    private final Duration length;
    private final Semaphore wakeUps = new Semaphore(0);
    private final AtomicReference<Message.@Nullable Progressed> progress = new AtomicReference<>();
    private final Thread thread;
    private volatile boolean closed;
    private volatile boolean lost;
    private volatile boolean cancelRequested;

    private Lease(TaskBoard board, ClaimedTask claim, Duration length) {
        this.board = board;
        this.claim = claim;
        this.length = length;
        this.thread = Thread.ofVirtual().name("lease-" + claim.ref().task()).unstarted(this::renew);
    }

    /** @param length how long the claim holds without renewal */
    static Lease hold(TaskBoard board, ClaimedTask claim, Duration length) {
        Lease lease = new Lease(board, claim, length);
        lease.thread.start();
        return lease;
    }

    /** Whether the claim is no longer ours. */
    boolean isLost() {
        return lost;
    }

    /** Nothing may be written any more. */
    void lose() {
        lost = true;
    }

    boolean isCancelRequested() {
        return cancelRequested;
    }

    /** The next renewal carries this. */
    void progress(Message.Progressed latest) {
        progress.set(latest);
    }

    Message.@Nullable Progressed progress() {
        return progress.get();
    }

    /** Waits while the lease is held. */
    void pause(Duration time) throws InterruptedException {
        TimeUnit.MILLISECONDS.timedJoin(thread, time.toMillis());
    }

    private void renew() {
        Duration pause = length.dividedBy(3).compareTo(PROGRESS) < 0 ? length.dividedBy(3) : PROGRESS;
        Message.Progressed sent = null;
        long renewed = System.nanoTime();
        try (TaskNotifications.Subscription _ = board.onCancel(claim, wakeUps::release)) {
            while (!lost && !closed) {
                boolean woken = wakeUps.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS);
                wakeUps.drainPermits();
                Message.Progressed latest = progress.get();
                long now = System.nanoTime();
                boolean due = woken || now - renewed >= length.toNanos() / 3 - pause.toNanos();
                if (closed) {
                    return;
                }
                if ((due || !Objects.equals(latest, sent)) && renewOnce(latest)) {
                    sent = latest;
                    renewed = now;
                } else if (now - renewed > length.toNanos()) {
                    LOG.warn(
                            "The lease of task {} could not be renewed for {}",
                            claim.ref().task(),
                            length);
                    lost = true;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            lost = true;
        }
    }

    private boolean renewOnce(Message.@Nullable Progressed latest) {
        try {
            cancelRequested = board.heartbeat(claim, latest) || cancelRequested;
            return true;
        } catch (LeaseLostException e) {
            LOG.warn(
                    "Task {} belongs to another worker now, or has ended",
                    claim.ref().task());
            lost = true;
            return false;
        } catch (RuntimeException e) {
            LOG.warn("Heartbeat of task {} failed: {}", claim.ref().task(), e.toString());
            return false;
        }
    }

    /** Ends the heartbeats; the last thing a worker does for a task. */
    @Override
    public void close() {
        closed = true;
        wakeUps.release();
    }
}
