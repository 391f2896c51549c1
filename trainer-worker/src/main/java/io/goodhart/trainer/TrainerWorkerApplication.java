package io.goodhart.trainer;

import io.goodhart.db.DbConfiguration;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** A process that only works off tasks. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({DbConfiguration.class, TrainerWorkerConfiguration.class})
public class TrainerWorkerApplication {
    public static void main(String[] arguments) {
        SpringApplication.run(TrainerWorkerApplication.class, arguments);
    }
}
