package io.goodhart.api.dataset;

import io.goodhart.api.files.UploadLimit;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(DatasetsProperties.class)
class DatasetConfiguration {
    @Bean
    UploadLimit datasetLimit(DatasetsProperties properties) {
        return properties.limit();
    }
}
