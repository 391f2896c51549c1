package io.goodhart.trainer;

import io.goodhart.db.queue.TaskNotifications;
import io.goodhart.db.queue.TaskQueue;
import io.goodhart.db.queue.Workers;
import io.goodhart.storage.ArtifactStore;
import io.goodhart.storage.DirectoryArtifactStore;
import io.goodhart.trainer.supervisor.JvmLauncher;
import io.goodhart.trainer.supervisor.WorkerPool;
import io.goodhart.trainer.supervisor.WorkerProperties;
import java.io.IOException;
import java.nio.file.Path;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The workers of one process. Needs the queue and the registry of workers, and makes an artifact store if there is none. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({WorkerProperties.class, JudgesProperties.class})
public class TrainerWorkerConfiguration {
    @Bean
    @ConditionalOnMissingBean
    ArtifactStore artifactStore(@Value("${goodhart.storage.directory:artifacts}") String directory) throws IOException {
        return new DirectoryArtifactStore(Path.of(directory));
    }

    /** Starts with the context and drains when it stops. */
    @Bean
    WorkerPool workerPool(
            WorkerPool.Parts parts,
            WorkerProperties properties,
            JudgesProperties judges,
            @Value("${goodhart.files.root:.}") String files) {
        JvmLauncher launcher = new JvmLauncher(
                properties.device(),
                properties.threads(),
                properties.heap().toMegabytes(),
                judges.forChildren(properties.path()).environment());
        return new WorkerPool(parts, properties, launcher, Path.of(files));
    }

    @Bean
    WorkerPool.Parts workerParts(
            TaskQueue queue, TaskNotifications notifications, Workers registry, ArtifactStore store) {
        return new WorkerPool.Parts(queue, notifications, registry, store);
    }

    /** Down when a worker has failed so often in a row that it claims nothing. */
    @Bean
    HealthIndicator workersHealthIndicator(WorkerPool pool) {
        return () -> (pool.isHealthy() ? Health.up() : Health.down())
                .withDetail("workers", pool.describe())
                .build();
    }
}
