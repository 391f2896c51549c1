package io.goodhart.api.dataset;

import jakarta.servlet.MultipartConfigElement;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(DatasetsProperties.class)
class DatasetConfiguration {
    /** What is around the file in an upload, at most. */
    private static final long FORM = 1 << 20;

    /** Uploads go to the disk as they come, whatever their size. */
    @Bean
    MultipartConfigElement uploads(DatasetsProperties properties) {
        long most = properties.maxSize().toBytes();
        return new MultipartConfigElement("", most, most + FORM, 0);
    }
}
