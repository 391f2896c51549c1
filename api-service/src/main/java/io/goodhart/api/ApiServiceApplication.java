package io.goodhart.api;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;

/** The REST service by itself. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(ApiServiceConfiguration.class)
public class ApiServiceApplication {
    public static void main(String[] arguments) {
        SpringApplication.run(ApiServiceApplication.class, arguments);
    }
}
