package io.goodhart.api.facts;

import io.goodhart.api.files.FilesProperties;
import io.goodhart.api.files.FilesRoot;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The files root and what is known about the files below it. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({FilesProperties.class, JudgeVersions.class})
public class FactsConfiguration {
    @Bean
    FilesRoot apiFilesRoot(FilesProperties properties) {
        return new FilesRoot(properties.path());
    }

    @Bean
    ModelCatalog modelCatalog(FilesRoot root, ModelNames names) {
        return new ModelCatalog(root, names);
    }

    @Bean
    DataCatalog dataCatalog(FilesRoot root, DatasetNames names) {
        return new DataCatalog(root, names);
    }

    @Bean
    FactFinder factFinder(ModelCatalog models, DataCatalog data, JudgeVersions judges) {
        return new FactFinder(models, data, new Draws(data, models), judges);
    }
}
