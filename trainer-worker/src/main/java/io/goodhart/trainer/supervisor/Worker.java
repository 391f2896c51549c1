package io.goodhart.trainer.supervisor;

import io.goodhart.db.queue.ClaimedTask;
import io.goodhart.domain.GoodhartException;
import io.goodhart.domain.state.FailureCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Works off tasks one after the other, with one child. */
final class Worker implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
    private static final Duration START_PAUSE = Duration.ofSeconds(2);

    /** Waits for news of ready tasks, or for the time to pass. */
    @FunctionalInterface
    interface Idle {
        void await(Duration time) throws InterruptedException;
    }

    /**
     * The worker's times.
     *
     * @param lease how long a claim holds without a heartbeat
     * @param poll longest wait of an idle worker
     * @param recovery wait of an unhealthy worker
     */
    record Times(Duration lease, Duration poll, Duration recovery, Attempt.Patience patience) {}

    /**
     * Where the worker stands.
     *
     * @param directory place of the tasks' work directories
     */
    record Surroundings(TaskBoard board, Idle idle, WorkerHealth health, Drain drain, Path directory) {}

    private final TaskBoard board;
    private final Idle idle;
    private final WorkerHealth health;
    private final Drain drain;
    private final Path directory;
    private final ChildSlot slot;
    private final TaskLog log;
    private final Times times;

    Worker(Surroundings surroundings, ChildSlot slot, TaskLog log, Times times) {
        this.board = surroundings.board();
        this.idle = surroundings.idle();
        this.health = surroundings.health();
        this.drain = surroundings.drain();
        this.directory = surroundings.directory();
        this.slot = slot;
        this.log = log;
        this.times = times;
    }

    @Override
    public void run() {
        try {
            while (!drain.isOn()) {
                step();
            }
            slot.end();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            slot.discard();
            log.close();
        }
    }

    private void step() throws InterruptedException {
        if (!health.isHealthy()) {
            LOG.error("The worker claims nothing for {}: {}", times.recovery(), health.describe());
            drain.await(times.recovery());
            health.giveAnotherChance();
            return;
        }
        try {
            Child child = slot.ready();
            Optional<ClaimedTask> claim = board.claim();
            if (claim.isPresent()) {
                attempt(claim.get(), child);
            } else {
                idle.await(times.poll());
            }
        } catch (ChildStartException e) {
            LOG.error("No child", e);
            health.failed(FailureCode.CHILD_DIED, Objects.requireNonNullElse(e.getMessage(), ""));
            drain.await(START_PAUSE);
        } catch (RuntimeException e) {
            LOG.warn("Trouble with the queue", e);
            drain.await(times.poll());
        }
    }

    private void attempt(ClaimedTask claim, Child child) throws InterruptedException {
        LOG.info("Task {} ({}) begins, attempt {}", claim.ref().task(), claim.label(), claim.attempt());
        Path work = directory.resolve(claim.ref().task() + "." + claim.ref().fence());
        log.begin(claim.ref().task().toString());
        boolean childUsable = false;
        try (Lease lease = Lease.hold(board, claim, times.lease())) {
            Outcome outcome = concluded(claim, outcome(claim, child, lease, work), lease);
            count(outcome);
            LOG.info("Task {} ({}) ends: {}", claim.ref().task(), claim.label(), describe(outcome));
            childUsable = outcome.childUsable();
        } finally {
            if (!childUsable) {
                slot.discard(); // first of all: it may still write files
            }
            delete(work);
        }
        if (childUsable) {
            slot.answered();
        }
    }

    private Outcome outcome(ClaimedTask claim, Child child, Lease lease, Path work) throws InterruptedException {
        try {
            Files.createDirectories(work);
            return new Attempt(board, claim, child, lease, drain, times.patience()).run(work);
        } catch (GoodhartException e) {
            return new Outcome.Failed(FailureCode.BAD_FILE, Objects.requireNonNullElse(e.getMessage(), ""), false);
        } catch (IOException | RuntimeException e) {
            LOG.error("Task {} failed in the supervisor", claim.ref().task(), e);
            return new Outcome.Failed(FailureCode.INTERNAL, e.toString(), false);
        }
    }

    /** Writes the end; what cannot be written fails the task instead. */
    private Outcome concluded(ClaimedTask claim, Outcome outcome, Lease lease) throws InterruptedException {
        try {
            Attempt.conclude(board, claim, outcome, lease);
            return outcome;
        } catch (RuntimeException e) {
            LOG.error("The end of task {} cannot be written", claim.ref().task(), e);
            Outcome failed = new Outcome.Failed(FailureCode.INTERNAL, e.toString(), outcome.childUsable());
            Attempt.conclude(board, claim, failed, lease);
            return failed;
        }
    }

    private void count(Outcome outcome) {
        switch (outcome) {
            case Outcome.Finished _ -> health.succeeded();
            case Outcome.Failed failed -> health.failed(failed.code(), failed.message());
            case Outcome.Cancelled _, Outcome.Released _, Outcome.Lost _ -> {
                // says nothing about the machine
            }
        }
    }

    private static String describe(Outcome outcome) {
        return outcome instanceof Outcome.Failed failed
                ? failed.code() + ", " + failed.message()
                : outcome.getClass().getSimpleName();
    }

    /** Deletes a work directory as far as that can be done; what stays harms no later task, whose directory has another name. */
    private static void delete(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(directory)) {
            List<Path> deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
            for (Path path : deepestFirst) {
                Files.deleteIfExists(path);
            }
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("The work directory {} cannot be deleted: {}", directory, e.toString());
        }
    }
}
