package io.goodhart.api.experiment;

import io.goodhart.api.artifact.ArtifactLibrary;
import io.goodhart.db.experiment.Experiments;
import io.goodhart.db.queue.TaskNotifications;
import java.time.InstantSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({LimitProperties.class, EventProperties.class})
class ExperimentConfiguration {
    @Bean
    ExperimentReader experimentReader(Experiments experiments) {
        return new ExperimentReader(experiments, InstantSource.system());
    }

    @Bean
    ExperimentReports experimentReports(Experiments experiments, ArtifactLibrary library) {
        return new ExperimentReports(experiments, library);
    }

    @Bean
    EventStreams eventStreams(Experiments experiments, TaskNotifications notifications, EventProperties properties) {
        return new EventStreams(experiments, notifications, properties);
    }
}
