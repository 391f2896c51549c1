package io.goodhart.api.model;

import io.goodhart.api.artifact.ArtifactLibrary;
import io.goodhart.api.files.FilesRoot;
import io.goodhart.api.files.UploadLimit;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ModelsProperties.class)
class ModelConfiguration {
    @Bean
    UploadLimit modelLimit(ModelsProperties properties) {
        return properties.limit();
    }

    @Bean
    ModelFetcher modelFetcher(FilesRoot root, ArtifactLibrary artifacts, ModelsProperties properties) {
        return new ModelFetcher(root, artifacts, properties);
    }
}
