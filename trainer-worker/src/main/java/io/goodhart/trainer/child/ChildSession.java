package io.goodhart.trainer.child;

import io.goodhart.domain.GoodhartException;
import io.goodhart.domain.state.FailureCode;
import io.goodhart.tensor.NativeMemory;
import io.goodhart.trainer.protocol.Assignment;
import io.goodhart.trainer.protocol.Command;
import io.goodhart.trainer.protocol.Message;
import io.goodhart.trainer.protocol.Wire;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One conversation with the supervisor: one thread reads commands, another computes. */
final class ChildSession {
    private static final Logger LOG = LoggerFactory.getLogger(ChildSession.class);

    /** What the computing thread waits for. */
    private sealed interface Step {
        record Compute(Assignment assignment, StopFlag stop) implements Step {}

        record End() implements Step {}
    }

    private record Current(Assignment assignment, StopFlag stop) {}

    private final MessageSink sink;
    private final BlockingQueue<Step> steps = new LinkedBlockingQueue<>();
    private final AtomicReference<@Nullable Current> current = new AtomicReference<>();

    ChildSession(MessageSink sink) {
        this.sink = sink;
    }

    /** Reads commands until the last one. Returns true if it was a shutdown, false if the input just ended. */
    boolean readCommands(BufferedReader commands) throws IOException {
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            if (line.isBlank()) {
                continue;
            }
            switch (Wire.command(line)) {
                case Command.Run(Assignment assignment) -> accept(assignment);
                case Command.Stop stop -> stop(stop);
                case Command.Shutdown _ -> {
                    steps.add(new Step.End());
                    return true;
                }
            }
        }
        return false;
    }

    private void accept(Assignment assignment) {
        StopFlag stop = new StopFlag();
        if (!current.compareAndSet(null, new Current(assignment, stop))) {
            throw new IllegalStateException("Task " + assignment.task() + " came while another was running");
        }
        steps.add(new Step.Compute(assignment, stop));
    }

    private void stop(Command.Stop command) {
        Current running = current.get();
        if (running != null && running.assignment().task().equals(command.task())) {
            running.stop().raise(command.keep());
        }
    }

    /** Computes one task after the other until told to end. */
    void compute(TaskRunner runner) throws InterruptedException {
        while (steps.take() instanceof Step.Compute(Assignment assignment, StopFlag stop)) {
            Message.End end = outcome(runner, assignment, stop);
            current.set(null);
            sink.send(end);
        }
    }

    private Message.End outcome(TaskRunner runner, Assignment assignment, StopFlag stop) {
        TaskContext context = new TaskContext(assignment, sink, stop);
        try {
            runner.run(assignment.spec(), context);
            return context.done();
        } catch (StoppedException e) {
            return new Message.Stopped(assignment.task());
        } catch (TaskFailedException e) {
            LOG.warn("Task {} fails as {}", assignment.task(), e.code(), e);
            return new Message.Failed(assignment.task(), e.code(), text(e));
        } catch (GoodhartException e) {
            LOG.warn("Task {} has inputs that cannot be honoured", assignment.task(), e);
            return new Message.Failed(assignment.task(), FailureCode.INVALID_INPUT, text(e));
        } catch (OutOfMemoryError e) {
            LOG.error("Task {} ran out of memory", assignment.task(), e);
            return new Message.Failed(assignment.task(), FailureCode.OUT_OF_MEMORY, text(e));
        } catch (RuntimeException | Error e) {
            LOG.error("Task {} failed unexpectedly", assignment.task(), e);
            if (NativeMemory.isExhausted(e)) {
                return new Message.Failed(assignment.task(), FailureCode.OUT_OF_MEMORY, "Native memory is used up");
            }
            return new Message.Failed(
                    assignment.task(), FailureCode.INTERNAL, e.getClass().getName() + ": " + text(e));
        }
    }

    private static String text(Throwable problem) {
        return Objects.requireNonNullElse(
                problem.getMessage(), problem.getClass().getSimpleName());
    }
}
