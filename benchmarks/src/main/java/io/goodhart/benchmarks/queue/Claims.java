package io.goodhart.benchmarks.queue;

import io.goodhart.benchmarks.measure.Lap;
import io.goodhart.benchmarks.measure.Options;
import io.goodhart.benchmarks.measure.Recorder;
import io.goodhart.benchmarks.measure.Sample;
import io.goodhart.db.experiment.Experiments;
import io.goodhart.db.queue.ClaimedTask;
import io.goodhart.db.queue.Output;
import io.goodhart.db.queue.TaskNotifications;
import io.goodhart.db.queue.TaskQueue;
import io.goodhart.db.queue.WorkerId;
import io.goodhart.domain.Hashes;
import io.goodhart.domain.model.ArtifactId;
import io.goodhart.domain.plan.TaskSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Tasks per second through the queue, one transaction to claim and one to finish, for one worker and for several; and the time
 * from the submission of an experiment to the claim of its first task by a worker that waits.
 */
public final class Claims {
    private static final Duration LEASE = Duration.ofMinutes(5);
    private static final Set<String> KINDS = TaskSpec.kinds().keySet();

    private final int tasks;
    private final int workers;

    /** Reads what to do from options. */
    public Claims(Options options) {
        this.tasks = options.number("tasks", 500);
        this.workers = options.number("workers", 4);
    }

    /** Measures every case. */
    public void run(Recorder recorder) throws IOException {
        Path directory = Files.createTempDirectory("goodhart-benchmark-queue");
        try (Database database = Database.start(directory)) {
            int[] serial = {0};
            for (int count : workers == 1 ? List.of(1) : List.of(1, workers)) {
                recorder.measure("claims/" + count + "-workers", () -> drain(database, "drain" + serial[0]++, count));
            }
            recorder.measure("first-task", () -> firstTask(database, "first" + serial[0]++));
        }
    }

    private Sample drain(Database database, String name, int count) {
        EmptyTasks experiment = new EmptyTasks(name, tasks);
        database.get(Experiments.class).submit(experiment.submission(), experiment.plan(), List.of());
        TaskQueue queue = database.get(TaskQueue.class);
        Lap lap = Lap.of(() -> inParallel(count, () -> work(queue)));
        return Sample.of(lap, "task", tasks);
    }

    private static void work(TaskQueue queue) {
        WorkerId worker = WorkerId.random();
        Optional<ClaimedTask> task = queue.claim(worker, KINDS, LEASE);
        while (task.isPresent()) {
            succeed(queue, task.get());
            task = queue.claim(worker, KINDS, LEASE);
        }
    }

    private static void succeed(TaskQueue queue, ClaimedTask task) {
        String content = "result of " + task.label();
        Output output = new Output(new ArtifactId(Hashes.sha256(content)), content.length(), "application/json");
        queue.succeed(task.ref(), Map.of("scores", output), List.of());
    }

    private static Sample firstTask(Database database, String name) {
        TaskQueue queue = database.get(TaskQueue.class);
        TaskNotifications notifications = database.get(TaskNotifications.class);
        EmptyTasks experiment = new EmptyTasks(name, 1);
        Lap[] lap = new Lap[1];
        try (ExecutorService waiting = Executors.newSingleThreadExecutor()) {
            Future<ClaimedTask> claimed = waiting.submit(() -> await(queue, notifications));
            TimeUnit.MILLISECONDS.sleep(300); // it waits by now
            Lap.Start start = Lap.start();
            database.get(Experiments.class).submit(experiment.submission(), experiment.plan(), List.of());
            ClaimedTask task = claimed.get();
            lap[0] = start.stop();
            succeed(queue, task);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("The worker failed", e);
        }
        return Sample.of(lap[0], "task", 1).with("milliseconds", 1000 * lap[0].wallSeconds());
    }

    private static ClaimedTask await(TaskQueue queue, TaskNotifications notifications) throws InterruptedException {
        WorkerId worker = WorkerId.random();
        Optional<ClaimedTask> task = queue.claim(worker, KINDS, LEASE);
        while (task.isEmpty()) {
            notifications.awaitTasks(Duration.ofSeconds(10));
            task = queue.claim(worker, KINDS, LEASE);
        }
        return task.get();
    }

    private static void inParallel(int count, Runnable work) {
        try (ExecutorService threads = Executors.newFixedThreadPool(count)) {
            List<Future<?>> futures = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                futures.add(threads.submit(work));
            }
            for (Future<?> future : futures) {
                future.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("A worker failed", e);
        }
    }
}
