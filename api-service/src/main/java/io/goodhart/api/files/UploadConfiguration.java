package io.goodhart.api.files;

import jakarta.servlet.MultipartConfigElement;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class UploadConfiguration {
    /** What is around the file in an upload, at most. */
    private static final long FORM = 1 << 20;

    /** Uploads go to the disk as they come, whatever their size, up to the largest of all limits. */
    @Bean
    MultipartConfigElement uploads(ObjectProvider<UploadLimit> limits) {
        long most =
                limits.stream().mapToLong(limit -> limit.most().toBytes()).max().orElse(0);
        return new MultipartConfigElement("", most, most + FORM, 0);
    }
}
