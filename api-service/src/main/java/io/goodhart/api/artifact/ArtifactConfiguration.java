package io.goodhart.api.artifact;

import io.goodhart.db.experiment.Artifacts;
import io.goodhart.storage.DirectoryArtifactStore;
import java.io.IOException;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(StorageProperties.class)
class ArtifactConfiguration {
    @Bean
    ArtifactLibrary artifactLibrary(Artifacts artifacts, StorageProperties properties) throws IOException {
        return new ArtifactLibrary(artifacts, new DirectoryArtifactStore(properties.path()));
    }
}
