package io.goodhart.trainer.supervisor;

import io.goodhart.domain.plan.TaskSpec;
import io.goodhart.domain.state.FailureCode;
import io.goodhart.trainer.protocol.Assignment;
import io.goodhart.trainer.protocol.Command;
import io.goodhart.trainer.protocol.Message;
import io.goodhart.trainer.protocol.Wire;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

/** A child that does what the title of its report task says. Its metric {@code pid} tells processes apart. */
final class FakeChild {
    private final BufferedReader commands =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    private final PrintStream out = System.out;

    private FakeChild() {}

    public static void main(String[] arguments) throws IOException {
        if (arguments.length > 0) {
            Runtime.getRuntime().halt(7);
        }
        new FakeChild().talk();
    }

    private void talk() throws IOException {
        send(new Message.Ready("fake", 1, "passed"));
        for (Command command = next(); command != null; command = next()) {
            if (command instanceof Command.Run(Assignment assignment)) {
                run(assignment);
            } else if (command instanceof Command.Shutdown) {
                return;
            }
        }
    }

    private Command next() throws IOException {
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            if (!line.isBlank()) {
                return Wire.command(line);
            }
        }
        Runtime.getRuntime().halt(4);
        throw new IllegalStateException();
    }

    private void run(Assignment assignment) throws IOException {
        UUID task = assignment.task();
        send(new Message.Measured(
                task,
                List.of(new Message.Point(1, "pid", ProcessHandle.current().pid()))));
        switch (((TaskSpec.Report) assignment.spec()).title()) {
            case "crash" -> Runtime.getRuntime().halt(9);
            case "heap" -> Runtime.getRuntime().halt(3);
            case "fail" -> send(new Message.Failed(task, FailureCode.INVALID_INPUT, "one class only"));
            case "hang" -> obey(task, false);
            case "deaf" -> chatter(task);
            case "obey" -> obey(task, true);
            case "garbage" -> {
                out.print("library says hello\n{\"type\":\"done\"}\nno line end");
                out.flush();
                System.err.println("a line for the log");
                succeed(assignment);
            }
            default -> succeed(assignment);
        }
    }

    private void succeed(Assignment assignment) throws IOException {
        Path output = Path.of(assignment.work()).resolve("out.json");
        Files.writeString(output, "{}");
        send(new Message.Progressed(assignment.task(), 1, 1, "steps", 0.0, "working"));
        send(new Message.Done(assignment.task(), Map.of("report", output.toString()), List.of()));
    }

    private void obey(UUID task, boolean stops) throws IOException {
        if (stops) {
            send(new Message.Progressed(task, 1, 100, "steps", 1000.0, "working"));
        }
        if (next() instanceof Command.Stop stop && stops) {
            if (stop.keep()) {
                send(new Message.Saved(task, 1, "checkpoint"));
            }
            send(new Message.Stopped(task));
        } else {
            next();
        }
    }

    /** Speaks for ever and hears nothing. */
    private void chatter(UUID task) {
        for (long done = 0; ; done++) {
            send(new Message.Progressed(task, done, 1_000_000, "steps", 1000.0, "working"));
            LockSupport.parkNanos(20_000_000);
        }
    }

    private void send(Message message) {
        out.print(Wire.line(message));
        out.flush();
    }
}
