package io.goodhart.api;

import org.springframework.boot.context.TypeExcludeFilter;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.FilterType;
import org.springframework.context.annotation.FullyQualifiedAnnotationBeanNameGenerator;
import org.springframework.context.annotation.PropertySource;

/**
 * The REST service: import it into a Spring Boot application with a web server and a data source. Its defaults lie beneath
 * everything else that is configured; among them, that it listens on the loopback interface only.
 */
@Configuration(proxyBeanMethods = false)
@ComponentScan(
        nameGenerator = FullyQualifiedAnnotationBeanNameGenerator.class,
        excludeFilters = {
            @Filter(type = FilterType.CUSTOM, classes = TypeExcludeFilter.class),
            @Filter(type = FilterType.ASSIGNABLE_TYPE, classes = ApiServiceApplication.class)
        })
@PropertySource("classpath:io/goodhart/api/defaults.properties")
public class ApiServiceConfiguration {}
