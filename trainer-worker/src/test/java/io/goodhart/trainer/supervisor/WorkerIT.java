package io.goodhart.trainer.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class WorkerIT {
    private static final Duration LEASE = Duration.ofSeconds(10);

    private final FakeBoard board = new FakeBoard();
    private final WorkerHealth health = new WorkerHealth(2);
    private final Drain drain = new Drain(Duration.ofMillis(300));
    private final List<String> arguments = new ArrayList<>();
    private final CountDownLatch ended = new CountDownLatch(1);

    @TempDir
    private Path directory;

    private Duration silence = Duration.ofSeconds(60);
    private Duration grace = Duration.ofSeconds(30);

    @AfterEach
    void stop() throws InterruptedException {
        drain.begin();
        assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();
    }

    private void work() {
        TaskLog log = new TaskLog(directory.resolve("logs"), 1_000_000, 100);
        ChildSlot.Limits limits =
                new ChildSlot.Limits(Duration.ofSeconds(60), Duration.ofSeconds(20), 100, Long.MAX_VALUE);
        Worker.Times times = new Worker.Times(
                LEASE, Duration.ofMillis(20), Duration.ofMinutes(1), new Attempt.Patience(silence, grace));
        Worker.Idle idle = time -> TimeUnit.MILLISECONDS.sleep(time.toMillis());
        Worker worker = new Worker(
                new Worker.Surroundings(board, idle, health, drain, directory.resolve("work")),
                new ChildSlot(this::launch, log, limits),
                log,
                times);
        Thread.ofPlatform().name("worker").start(() -> {
            worker.run();
            ended.countDown();
        });
    }

    private Process launch() throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                FakeChild.class.getName()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        return builder.start();
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("time").isLessThan(deadline);
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    private String endOf(UUID task) throws InterruptedException {
        await(() -> board.end(task).isPresent());
        return board.end(task).orElseThrow();
    }

    @Test
    void finishedTasksAreWrittenAndShareOneWarmChild() throws Exception {
        UUID first = board.submit("succeed");
        UUID second = board.submit("succeed");
        work();

        assertThat(endOf(first)).isEqualTo("succeeded");
        assertThat(endOf(second)).isEqualTo("succeeded");
        assertThat(board.pid(second)).isEqualTo(board.pid(first));
        await(() -> !Files.exists(directory.resolve("work").resolve(second + ".1")));
    }

    @Test
    void crashedChildFailsItsTaskOnlyAndIsReplaced() throws Exception {
        UUID first = board.submit("crash");
        UUID second = board.submit("succeed");
        work();

        assertThat(endOf(first)).isEqualTo("CHILD_DIED");
        assertThat(endOf(second)).isEqualTo("succeeded");
        assertThat(board.pid(second)).isNotEqualTo(board.pid(first));
        assertThat(health.isHealthy()).isTrue();
    }

    @Test
    void childWithoutHeapFailsItsTaskAsOutOfMemory() throws Exception {
        UUID task = board.submit("heap");
        work();

        assertThat(endOf(task)).isEqualTo("OUT_OF_MEMORY");
    }

    @Test
    void silentChildIsKilledAndItsTaskTimesOut() throws Exception {
        silence = Duration.ofSeconds(5); // the second task's child has to begin within it
        UUID first = board.submit("hang");
        UUID second = board.submit("succeed");
        work();

        assertThat(endOf(first)).isEqualTo("TIMED_OUT");
        assertThat(endOf(second)).isEqualTo("succeeded");
        assertThat(ProcessHandle.of((long) board.pid(first)).filter(ProcessHandle::isAlive))
                .isEmpty();
    }

    @Test
    void whatIsNoMessageGoesToTheTasksLogAndHarmsNothing() throws Exception {
        UUID task = board.submit("garbage");
        work();

        assertThat(endOf(task)).isEqualTo("succeeded");
        Path log = directory.resolve("logs").resolve(task + ".log");
        await(() -> lines(log).contains("a line for the log")); // stderr is read by another thread than the end
        assertThat(lines(log)).contains("library says hello", "no line end");
    }

    private static String lines(Path log) {
        try {
            return Files.exists(log) ? Files.readString(log) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void cancelStopsTheTaskAndKeepsTheChildWarm() throws Exception {
        UUID first = board.submit("obey");
        work();
        await(() -> board.hasBegun(first));
        board.cancel(first);

        assertThat(endOf(first)).isEqualTo("cancelled");
        assertThat(board.checkpoint(first)).isEmpty();
        UUID second = board.submit("succeed");
        assertThat(endOf(second)).isEqualTo("succeeded");
        assertThat(board.pid(second)).isEqualTo(board.pid(first));
    }

    @Test
    void childThatIgnoresACancelIsKilled() throws Exception {
        grace = Duration.ofMillis(400);
        UUID task = board.submit("deaf");
        work();
        await(() -> board.hasBegun(task));
        board.cancel(task);

        assertThat(endOf(task)).isEqualTo("cancelled");
        await(() -> ProcessHandle.of((long) board.pid(task))
                .filter(ProcessHandle::isAlive)
                .isEmpty());
    }

    @Test
    void taskThatWasTakenOverIsStoppedAndNothingIsWritten() throws Exception {
        UUID task = board.submit("obey");
        work();
        await(() -> board.hasBegun(task));
        board.takeOver();
        UUID next = board.submit("succeed");

        await(() -> board.unclaimed() == 0);
        assertThat(board.end(task)).isEmpty();
        assertThat(board.end(next)).isEmpty();
    }

    @Test
    void drainKeepsTheWorkAndGivesTheTaskBack() throws Exception {
        UUID task = board.submit("obey");
        work();
        await(() -> board.hasBegun(task));
        drain.begin();

        assertThat(endOf(task)).isEqualTo("released");
        assertThat(board.checkpoint(task)).contains(1L);
        assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void writesOutlastADatabaseThatIsAway() throws Exception {
        board.fail(3);
        UUID task = board.submit("succeed");
        work();

        assertThat(endOf(task)).isEqualTo("succeeded");
        assertThat(board.points(task)).hasSize(1);
    }

    @Test
    void workerThatOnlyFailsStopsClaiming() throws Exception {
        UUID first = board.submit("crash");
        UUID second = board.submit("crash");
        board.submit("succeed");
        work();
        endOf(first);
        endOf(second);

        await(() -> !health.isHealthy());
        assertThat(board.unclaimed()).isEqualTo(1);
        assertThat(health.describe()).contains("CHILD_DIED");
    }

    @Test
    void faultsOfATaskDoNotMakeTheWorkerUnhealthy() throws Exception {
        List<UUID> tasks = List.of(board.submit("fail"), board.submit("fail"), board.submit("fail"));
        work();
        for (UUID task : tasks) {
            assertThat(endOf(task)).isEqualTo("INVALID_INPUT");
        }

        assertThat(health.isHealthy()).isTrue();
    }

    @Test
    void workerWithoutAChildClaimsNothing() throws Exception {
        arguments.add("end at once");
        board.submit("succeed");
        work();

        await(() -> !health.isHealthy());
        assertThat(board.unclaimed()).isEqualTo(1);
    }
}
