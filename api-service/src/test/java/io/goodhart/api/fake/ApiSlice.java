package io.goodhart.api.fake;

import io.goodhart.api.artifact.ArtifactLibrary;
import io.goodhart.storage.DirectoryArtifactStore;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;

/** What a slice of the service needs in place of the database. */
@TestConfiguration(proxyBeanMethods = false)
public class ApiSlice {
    @Bean
    FakeExperiments experiments() {
        return new FakeExperiments();
    }

    @Bean
    FakeHistory history() {
        return new FakeHistory();
    }

    @Bean
    FakeWorkers workers() {
        return new FakeWorkers();
    }

    @Bean
    FakeNotifications notifications() {
        return new FakeNotifications();
    }

    @Bean
    FakeArtifacts artifacts() {
        return new FakeArtifacts();
    }

    @Bean
    FakeDatasets datasets() {
        return new FakeDatasets();
    }

    @Bean
    FakeModels models() {
        return new FakeModels();
    }

    @Bean
    DirectoryArtifactStore store() throws IOException {
        return new DirectoryArtifactStore(Files.createTempDirectory("goodhart-api-artifacts"));
    }

    @Bean
    ArtifactLibrary library(FakeArtifacts artifacts, DirectoryArtifactStore store) {
        return new ArtifactLibrary(artifacts, store);
    }

    @Bean
    MeterRegistry meters() {
        return new SimpleMeterRegistry();
    }
}
