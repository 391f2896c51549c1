package io.goodhart.trainer.supervisor;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.trainer.protocol.Command;
import io.goodhart.trainer.protocol.Message;
import io.goodhart.trainer.protocol.Wire;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One child process: commands go in, signals come out. */
final class Child implements AutoCloseable {
    /** What comes out of a child. */
    sealed interface Signal {
        /** It said something. */
        record Said(Message message) implements Signal {}

        /** It is gone. Always the last signal. */
        record Exited(int status) implements Signal {}
    }

    private static final Duration LAST_WORDS = Duration.ofSeconds(5);

    private final Process process;
    private final Consumer<String> log;
    private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();

    private Child(Process process, Consumer<String> log) {
        this.process = process;
        this.log = log;
    }

    /** @param log receives what the child prints, on other threads */
    static Child start(ChildLauncher launcher, Consumer<String> log) throws IOException {
        Process process = launcher.launch();
        Child child = new Child(process, log);
        String name = "child-" + process.pid();
        Thread errors = Thread.ofVirtual().name(name + "-stderr").start(child::readErrors);
        Thread.ofVirtual().name(name + "-stdout").start(() -> child.readMessages(errors));
        return child;
    }

    private void readErrors() {
        try (BufferedReader lines = reader(process.getErrorStream())) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                log.accept(line);
            }
        } catch (IOException e) {
            log.accept("stderr ended: " + e.getMessage());
        }
    }

    private void readMessages(Thread errors) {
        try (BufferedReader in = reader(process.getInputStream())) {
            StringBuilder line = new StringBuilder();
            for (int c = in.read(); c >= 0; c = in.read()) {
                if (c == '\n') {
                    accept(line.toString());
                    line.setLength(0);
                } else if (line.length() < Wire.LONGEST_LINE) {
                    line.append((char) c);
                }
            }
        } catch (IOException e) {
            log.accept("stdout ended: " + e.getMessage());
        }
        signals.add(new Signal.Exited(exitStatus(errors)));
    }

    /** Stdout is closed, so the process ends or is made to. */
    private int exitStatus(Thread errors) {
        try {
            if (!process.waitFor(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
            errors.join(LAST_WORDS);
            return process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return process.destroyForcibly().isAlive() ? -1 : process.exitValue();
        }
    }

    /** What is no message was printed by a library, or is damaged; the log gets it. */
    private void accept(String line) {
        if (line.isBlank()) {
            return;
        }
        try {
            signals.add(new Signal.Said(Wire.message(line)));
        } catch (InvalidInputException e) {
            log.accept("stdout, no message: " + line.substring(0, Math.min(line.length(), 200)));
        }
    }

    private static BufferedReader reader(InputStream stream) {
        return new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
    }

    /** Sends a command. A child that is gone does not hear it; its exit is a signal anyway. */
    void send(Command command) {
        try {
            OutputStream stdin = process.getOutputStream();
            synchronized (stdin) {
                stdin.write(Wire.line(command).getBytes(StandardCharsets.UTF_8));
                stdin.flush();
            }
        } catch (IOException e) {
            log.accept("stdin closed: " + e.getMessage());
        }
    }

    /** The next signal, or null if none comes in time. */
    @Nullable
    Signal poll(Duration timeout) throws InterruptedException {
        return signals.poll(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    /** Ends the process at once. */
    void kill() {
        process.destroyForcibly();
    }

    /** Asks the process to end, and ends it if it does not in time. */
    void shutdown(Duration grace) throws InterruptedException {
        send(new Command.Shutdown());
        if (!process.waitFor(grace.toMillis(), TimeUnit.MILLISECONDS)) {
            kill();
            process.waitFor(grace.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void close() {
        kill();
    }
}
