package io.goodhart.api.worker;

import io.goodhart.db.queue.TaskQueue;
import java.time.InstantSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(WorkerProperties.class)
class WorkerConfiguration {
    @Bean
    QueueMetrics queueMetrics(TaskQueue queue) {
        return new QueueMetrics(queue, InstantSource.system());
    }
}
