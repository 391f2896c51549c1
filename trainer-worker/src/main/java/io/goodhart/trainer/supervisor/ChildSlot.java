package io.goodhart.trainer.supervisor;

import io.goodhart.trainer.protocol.Message;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The place of one child: starts it when it is missing, keeps it warm between tasks, replaces it in time. */
final class ChildSlot {
    private static final Logger LOG = LoggerFactory.getLogger(ChildSlot.class);

    /**
     * When a child is replaced.
     *
     * @param start longest time that a start may take
     * @param grace how long a child may take to end
     * @param tasks most tasks of one child
     * @param residentBytes most resident memory after a task
     */
    record Limits(Duration start, Duration grace, int tasks, long residentBytes) {}

    private final ChildLauncher launcher;
    private final TaskLog log;
    private final Limits limits;
    private @Nullable Child child;
    private int tasks;

    ChildSlot(ChildLauncher launcher, TaskLog log, Limits limits) {
        this.launcher = launcher;
        this.log = log;
        this.limits = limits;
    }

    /** A child that waits for a task. */
    Child ready() throws ChildStartException, InterruptedException {
        Child present = child;
        if (present != null && present.isAlive()) {
            return present;
        }
        discard();
        Child started = start();
        child = started;
        tasks = 0;
        return started;
    }

    private Child start() throws ChildStartException, InterruptedException {
        long begin = System.nanoTime();
        Child started;
        try {
            started = Child.start(launcher, log::line);
        } catch (IOException e) {
            throw new ChildStartException("The child process cannot be started: " + e.getMessage(), e);
        }
        Child.Signal signal;
        try {
            signal = started.poll(limits.start());
        } catch (InterruptedException e) {
            started.kill();
            throw e;
        }
        return switch (signal) {
            case Child.Signal.Said(Message.Ready ready) -> {
                LOG.info(
                        "Child {} is ready on {} after {} ms: {}",
                        started.pid(),
                        ready.device(),
                        (System.nanoTime() - begin) / 1_000_000,
                        ready.selfTest());
                yield started;
            }
            case null -> throw refuse(started, "said nothing for " + limits.start());
            case Child.Signal.Said(Message other) ->
                throw refuse(started, "began with " + other.getClass().getSimpleName());
            case Child.Signal.Exited(int status) -> throw refuse(started, "ended with status " + status);
        };
    }

    private ChildStartException refuse(Child started, String why) {
        started.kill();
        return new ChildStartException("Child " + started.pid() + " " + why + "; see " + log.file());
    }

    /** Counts a task that the child has answered, and replaces a child that is old or big. */
    void answered() throws InterruptedException {
        tasks++;
        Child present = child;
        if (present == null) {
            return;
        }
        long resident = ResidentMemory.of(present.pid()).orElse(0);
        if (tasks >= limits.tasks() || resident > limits.residentBytes()) {
            LOG.info("Child {} is replaced after {} tasks, {} MiB resident", present.pid(), tasks, resident >> 20);
            end();
        }
    }

    /** Kills the child, whatever it does; the next task gets a new one. */
    void discard() {
        Child present = child;
        if (present != null) {
            present.kill();
            child = null;
        }
    }

    /** Lets the child end by itself, and kills it if it does not. */
    void end() throws InterruptedException {
        Child present = child;
        if (present != null) {
            present.shutdown(limits.grace());
            child = null;
        }
    }
}
