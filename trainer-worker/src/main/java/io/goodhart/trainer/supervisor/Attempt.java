package io.goodhart.trainer.supervisor;

import io.goodhart.db.queue.ClaimedTask;
import io.goodhart.domain.LeaseLostException;
import io.goodhart.domain.state.FailureCode;
import io.goodhart.trainer.protocol.Command;
import io.goodhart.trainer.protocol.Message;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One attempt at one task: hands it to the child, passes on what the child says, and stops it when it must. */
final class Attempt {
    private static final Logger LOG = LoggerFactory.getLogger(Attempt.class);
    private static final Duration TICK = Duration.ofMillis(100);

    /** Exit status of a JVM that ran out of heap, by -XX:+ExitOnOutOfMemoryError. */
    private static final int OUT_OF_HEAP = 3;

    /**
     * How long the child may take.
     *
     * @param silence without a word
     * @param grace after it was told to stop
     */
    record Patience(Duration silence, Duration grace) {}

    /** Why the child was told to stop. */
    private enum Reason {
        CANCEL,
        DRAIN,
        LOST
    }

    private final TaskBoard board;
    private final ClaimedTask claim;
    private final Child child;
    private final Lease lease;
    private final Drain drain;
    private final Patience patience;
    private @Nullable Reason stopping;
    private long stopDeadline;
    private long heard;

    Attempt(TaskBoard board, ClaimedTask claim, Child child, Lease lease, Drain drain, Patience patience) {
        this.board = board;
        this.claim = claim;
        this.child = child;
        this.lease = lease;
        this.drain = drain;
        this.patience = patience;
    }

    /** Runs the task to its end and returns what the end is; writes everything but the end. */
    Outcome run(Path work) throws InterruptedException {
        child.send(new Command.Run(board.assignment(claim, work)));
        heard = System.nanoTime();
        while (true) {
            Child.Signal signal = child.poll(TICK);
            long now = System.nanoTime();
            Outcome end = switch (signal) {
                case Child.Signal.Said(Message.End message)
                when message.task().equals(claim.ref().task()) -> outcome(message);
                case Child.Signal.Said(Message message) -> {
                    heard = now;
                    pass(message);
                    yield null;
                }
                case Child.Signal.Exited(int status) -> died(status);
                case null -> null;
            };
            if (end != null) {
                return end;
            }
            stopIfWanted(now);
            Outcome impatience = impatience(now);
            if (impatience != null) {
                child.kill();
                return impatience;
            }
        }
    }

    private Outcome outcome(Message.End end) {
        return switch (end) {
            case Message.Done done -> lease.isLost() ? new Outcome.Lost(true) : new Outcome.Finished(done);
            case Message.Failed failed ->
                new Outcome.Failed(
                        failed.code(),
                        failed.message(),
                        failed.code() != FailureCode.OUT_OF_MEMORY && failed.code() != FailureCode.INTERNAL);
            case Message.Stopped _ -> stopped(true);
        };
    }

    private Outcome stopped(boolean childUsable) {
        return switch (stopping) {
            case CANCEL -> new Outcome.Cancelled(childUsable);
            case DRAIN -> new Outcome.Released(childUsable);
            case LOST -> new Outcome.Lost(childUsable);
            case null -> new Outcome.Failed(FailureCode.INTERNAL, "The child stopped unasked", false);
        };
    }

    private Outcome died(int status) {
        if (stopping != null) {
            return stopped(false);
        }
        if (status == OUT_OF_HEAP) {
            return new Outcome.Failed(FailureCode.OUT_OF_MEMORY, "The child ran out of Java heap", false);
        }
        return new Outcome.Failed(
                FailureCode.CHILD_DIED, "The child process ended with status %d".formatted(status), false);
    }

    /** Passes on one message; what cannot be written is tried again as long as the claim is ours. */
    private void pass(Message message) throws InterruptedException {
        switch (message) {
            case Message.Progressed progress -> lease.progress(progress);
            case Message.Measured measured -> write(() -> board.metrics(claim, measured.points()));
            case Message.Noted event -> write(() -> board.event(claim, event));
            case Message.Saved checkpoint -> write(() -> board.checkpoint(claim, checkpoint));
            case Message.Ready _, Message.End _ ->
                LOG.warn("Task {}: unexpected {}", claim.ref().task(), message);
        }
    }

    private void write(Runnable action) throws InterruptedException {
        Patiently.write(action, lease);
        heard = System.nanoTime();
    }

    private void stopIfWanted(long now) {
        if (stopping == Reason.LOST) {
            return;
        }
        if (lease.isLost()) {
            stop(Reason.LOST, now, false);
        } else if (stopping == null && lease.isCancelRequested()) {
            stop(Reason.CANCEL, now, false);
        } else if (stopping == null && drain.isOn() && !finishesSoon()) {
            stop(Reason.DRAIN, now, true);
        }
    }

    private boolean finishesSoon() {
        Message.Progressed latest = lease.progress();
        Double eta = latest == null ? null : latest.etaSeconds();
        return drain.fits(eta == null ? 0 : eta);
    }

    private void stop(Reason reason, long now, boolean keep) {
        LOG.info("Task {} ({}) is stopped: {}", claim.ref().task(), claim.label(), reason);
        stopping = reason;
        stopDeadline = now + patience.grace().toNanos();
        child.send(new Command.Stop(claim.ref().task(), keep));
    }

    private @Nullable Outcome impatience(long now) {
        if (stopping != null) {
            return now > stopDeadline ? stopped(false) : null;
        }
        if (now - heard > patience.silence().toNanos()) {
            return new Outcome.Failed(FailureCode.TIMED_OUT, "The child said nothing for " + patience.silence(), false);
        }
        return null;
    }

    /** Writes the end of an attempt, as long as the claim is ours. */
    static void conclude(TaskBoard board, ClaimedTask claim, Outcome outcome, Lease lease) throws InterruptedException {
        Runnable end = switch (outcome) {
            case Outcome.Finished(Message.Done done) -> () -> board.succeed(claim, done);
            case Outcome.Failed failed -> () -> board.fail(claim, failed.code(), failed.message());
            case Outcome.Cancelled _ -> () -> board.cancelled(claim);
            case Outcome.Released _ -> () -> board.release(claim);
            case Outcome.Lost _ ->
                () -> {
                    throw new LeaseLostException("Task " + claim.ref().task() + " was taken over");
                };
        };
        Patiently.write(end, lease);
    }
}
