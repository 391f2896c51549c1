package io.goodhart.api.model;

import io.goodhart.api.artifact.ArtifactLibrary;
import io.goodhart.api.files.FilesRoot;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ModelsProperties.class)
class ModelConfiguration {
    @Bean
    ModelFetcher modelFetcher(FilesRoot root, ArtifactLibrary artifacts, ModelsProperties properties) {
        return new ModelFetcher(root, artifacts, properties);
    }
}
