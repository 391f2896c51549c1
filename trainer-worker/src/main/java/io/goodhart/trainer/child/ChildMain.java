package io.goodhart.trainer.child;

import io.goodhart.tensor.ComputeThread;
import io.goodhart.tensor.Device;
import io.goodhart.tensor.ProcessExit;
import io.goodhart.tensor.SelfTest;
import io.goodhart.trainer.execute.TaskExecutors;
import io.goodhart.trainer.protocol.Message;
import io.goodhart.trainer.protocol.Wire;
import io.goodhart.trainer.scorer.Judges;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Main class of the child JVM. Stdout belongs to the protocol: what anybody prints goes to stderr. When the supervisor's
 * end of stdin closes, the supervisor is gone and so is the child, in the middle of whatever it does. Signals do not end it:
 * Ctrl-C in a terminal reaches the child too, and it is the supervisor that decides what becomes of the task.
 */
public final class ChildMain {
    /** System property: where to compute. */
    public static final String DEVICE = "goodhart.child.device";

    /** System property: threads of one operation. */
    public static final String THREADS = "goodhart.child.threads";

    /** Exit status: stdin ended without a shutdown. */
    static final int SUPERVISOR_GONE = 4;

    /** Exit status: the self-test failed or a command could not be read. */
    static final int BROKEN = 5;

    private ChildMain() {}

    /** Runs until told to end. */
    public static void main(String[] arguments) throws InterruptedException {
        run(SelfTest::run);
    }

    /** Runs until told to end, or not at all if the self-test fails. */
    static void run(Supplier<SelfTest.Report> selfTest) throws InterruptedException {
        PrintStream protocol = new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
        System.setOut(System.err);
        Logger log = LoggerFactory.getLogger(ChildMain.class);
        ChildSession session = new ChildSession(message -> send(protocol, message));
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> awaitEnd(ended), "end"));
        Thread compute = Thread.ofPlatform().name("compute").start(() -> {
            try {
                compute(session, protocol, selfTest);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException | Error e) {
                log.error("The child cannot go on", e);
                ProcessExit.now(BROKEN);
            }
        });
        if (!readCommands(session, log)) {
            ProcessExit.now(SUPERVISOR_GONE);
        }
        compute.join();
        ended.countDown();
    }

    /** A signal starts the shutdown; this holds it up while everything else goes on. */
    private static void awaitEnd(CountDownLatch ended) {
        try {
            ended.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean readCommands(ChildSession session, Logger log) {
        try (BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            return session.readCommands(commands);
        } catch (IOException | RuntimeException e) {
            log.error("A command cannot be read", e);
            ProcessExit.now(BROKEN);
            return false;
        }
    }

    private static void compute(ChildSession session, PrintStream protocol, Supplier<SelfTest.Report> selfTest)
            throws InterruptedException {
        int threads = Integer.getInteger(THREADS, 1);
        Device device = Device.parse(System.getProperty(DEVICE, "cpu"));
        ComputeThread.prepare(threads, device);
        SelfTest.Report report = selfTest.get();
        report.requirePassed();
        send(protocol, new Message.Ready(device.toString(), threads, report.toString()));
        try (TaskExecutors executors = new TaskExecutors(Judges.ofEnvironment())) {
            session.compute(executors);
        }
    }

    private static void send(PrintStream protocol, Message message) {
        synchronized (protocol) {
            protocol.print(Wire.line(message));
            protocol.flush();
        }
    }
}
