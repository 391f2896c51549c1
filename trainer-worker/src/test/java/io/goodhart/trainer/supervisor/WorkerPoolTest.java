package io.goodhart.trainer.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import io.goodhart.db.queue.TaskNotifications;
import io.goodhart.db.queue.TaskQueue;
import io.goodhart.db.queue.Workers;
import io.goodhart.storage.ArtifactStore;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

@Timeout(120)
class WorkerPoolTest {
    @TempDir
    private Path directory;

    private final List<String> registryCalls = new CopyOnWriteArrayList<>();
    private final CountDownLatch starting = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);

    @AfterEach
    void letGo() {
        release.countDown();
    }

    private WorkerPool pool(int count) {
        WorkerPool.Parts parts = new WorkerPool.Parts(
                none(TaskQueue.class), none(TaskNotifications.class), none(Workers.class), none(ArtifactStore.class));
        WorkerProperties properties = new Binder(new MapConfigurationPropertySource(Map.of(
                        "worker.count",
                        count,
                        "worker.directory",
                        directory.toString(),
                        "worker.drain",
                        Duration.ZERO)))
                .bind("worker", WorkerProperties.class)
                .get();
        return new WorkerPool(parts, properties, this::launch, directory);
    }

    /** A child whose start takes as long as the test wants. */
    private Process launch() throws IOException {
        starting.countDown();
        try {
            release.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new IOException("no child");
    }

    private <T> T none(Class<T> type) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, given) -> {
                    registryCalls.add(method.getName());
                    return null;
                }));
    }

    @Test
    void workersAreRegisteredWhenTheStartReturns() {
        WorkerPool pool = pool(2);
        pool.start();

        assertThat(registryCalls).filteredOn("register"::equals).hasSize(2);
        release.countDown();
        pool.stop();
    }

    @Test
    void healthIsAnsweredWhileThePoolDrains() throws Exception {
        WorkerPool pool = pool(1);
        pool.start();
        assertThat(starting.await(60, TimeUnit.SECONDS)).isTrue();
        Thread stopping = Thread.ofPlatform().start(pool::stop);
        while (stopping.getState() != Thread.State.TIMED_WAITING) {
            TimeUnit.MILLISECONDS.sleep(10);
        }

        assertThat(pool.isHealthy()).isTrue();
        assertThat(pool.describe()).hasSize(1);
        assertThat(stopping.isAlive()).isTrue();
        release.countDown();
        stopping.join();
    }

    @Test
    void poolWithoutWorkersIsHealthyAndStops() {
        WorkerPool pool = pool(0);
        pool.start();

        assertThat(pool.isHealthy()).isTrue();
        pool.stop();
        assertThat(registryCalls).isEmpty();
    }
}
