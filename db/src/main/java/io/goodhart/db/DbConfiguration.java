package io.goodhart.db;

import io.goodhart.db.dataset.Datasets;
import io.goodhart.db.experiment.Experiments;
import io.goodhart.db.model.Models;
import io.goodhart.db.queue.TaskQueue;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.PropertySource;
import org.springframework.data.jpa.repository.config.EnableJpaRepositories;

/**
 * Everything of this module as beans: import it into an application with auto-configuration that has a data source. Flyway
 * brings the schema up to date before anything else starts.
 */
@Configuration(proxyBeanMethods = false)
@ComponentScan(basePackageClasses = {TaskQueue.class, Experiments.class, Models.class, Datasets.class})
@EntityScan(basePackageClasses = DbConfiguration.class)
@EnableJpaRepositories(basePackageClasses = DbConfiguration.class)
@EnableConfigurationProperties(DbProperties.class)
@PropertySource("classpath:goodhart-db.properties")
public class DbConfiguration {}
