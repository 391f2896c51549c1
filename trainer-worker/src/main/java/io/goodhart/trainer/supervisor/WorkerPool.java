package io.goodhart.trainer.supervisor;

import io.goodhart.db.queue.TaskNotifications;
import io.goodhart.db.queue.TaskQueue;
import io.goodhart.db.queue.WorkerId;
import io.goodhart.db.queue.Workers;
import io.goodhart.storage.ArtifactStore;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** The workers of this process. Stops before everything that they need. */
public final class WorkerPool implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerPool.class);
    private static final Duration BEAT = Duration.ofSeconds(5);

    /** What the workers work with. */
    public record Parts(TaskQueue queue, TaskNotifications notifications, Workers registry, ArtifactStore store) {}

    private final Parts parts;
    private final WorkerProperties properties;
    private final ChildLauncher launcher;
    private final Path files;
    private final Drain drain;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final List<Thread> threads = new ArrayList<>();
    private final List<WorkerHealth> healths = new CopyOnWriteArrayList<>();
    private volatile boolean running;

    /**
     * Workers that have not started yet.
     *
     * @param files root of models and data
     */
    public WorkerPool(Parts parts, WorkerProperties properties, ChildLauncher launcher, Path files) {
        this.parts = parts;
        this.properties = properties;
        this.launcher = launcher;
        this.files = files;
        this.drain = new Drain(properties.drain());
    }

    @Override
    public synchronized void start() {
        if (running) {
            return;
        }
        running = true;
        for (int i = 0; i < properties.count(); i++) {
            String name = name() + "/" + i;
            WorkerId id = WorkerId.random();
            WorkerHealth health = new WorkerHealth(properties.failuresInARow());
            Worker worker = worker(i, id, health);
            healths.add(health);
            boolean registered = beat(id, name, false); // who submits next is told of this worker
            threads.add(Thread.ofPlatform().name("worker-" + i).start(worker));
            Thread.ofVirtual().name("registry-" + i).start(() -> keepRegistered(id, name, registered));
        }
    }

    private Worker worker(int number, WorkerId id, WorkerHealth health) {
        Path place = properties.path().resolve("worker-" + number);
        TaskLog log = new TaskLog(
                properties.path().resolve("logs"), properties.logLimit().toBytes(), properties.logsKept());
        ChildSlot slot = new ChildSlot(
                launcher,
                log,
                new ChildSlot.Limits(
                        properties.start(),
                        properties.grace(),
                        properties.tasksPerChild(),
                        properties.residentLimitBytes()));
        TaskBoard board = new DatabaseBoard(parts, id, properties.lease(), files);
        return new Worker(
                new Worker.Surroundings(board, parts.notifications()::awaitTasks, health, drain, place),
                slot,
                log,
                new Worker.Times(
                        properties.lease(),
                        properties.poll(),
                        properties.recovery(),
                        new Attempt.Patience(properties.silence(), properties.grace())));
    }

    private void keepRegistered(WorkerId id, String name, boolean registeredBefore) {
        boolean registered = registeredBefore;
        try {
            while (!stopped.await(BEAT.toMillis(), TimeUnit.MILLISECONDS)) {
                registered = beat(id, name, registered);
            }
            parts.registry().deregister(id);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.warn("Worker {} could not be taken off the list", name, e);
        }
    }

    private boolean beat(WorkerId id, String name, boolean registered) {
        try {
            if (registered) {
                parts.registry().beat(id);
            } else {
                parts.registry().register(id, name, properties.device(), properties.computeMemory());
            }
            return true;
        } catch (RuntimeException e) {
            LOG.warn("Worker {} could not say that it lives: {}", name, e.toString());
            return registered;
        }
    }

    private String name() {
        if (properties.name() != null) {
            return properties.name();
        }
        try {
            return Objects.requireNonNullElse(InetAddress.getLocalHost().getHostName(), "worker");
        } catch (UnknownHostException e) {
            return "worker";
        }
    }

    /** Whether every worker would take a task. Answers while the pool drains, too. */
    public boolean isHealthy() {
        return healths.stream().allMatch(WorkerHealth::isHealthy);
    }

    /** The workers' states, for people. */
    public List<String> describe() {
        return healths.stream().map(WorkerHealth::describe).toList();
    }

    @Override
    public synchronized void stop() {
        if (!running) {
            return;
        }
        drain.begin();
        Duration patience =
                properties.drain().plus(properties.grace().multipliedBy(2)).plus(BEAT);
        try {
            for (Thread thread : threads) {
                if (!thread.join(patience)) {
                    LOG.warn("{} did not end within {}", thread.getName(), patience);
                    thread.interrupt();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            running = false;
            stopped.countDown();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
