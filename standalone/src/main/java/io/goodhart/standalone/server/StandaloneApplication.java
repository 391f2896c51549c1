package io.goodhart.standalone.server;

import io.goodhart.api.ApiServiceConfiguration;
import io.goodhart.db.DbConfiguration;
import io.goodhart.probeservice.ProbeServiceConfiguration;
import io.goodhart.trainer.TrainerWorkerConfiguration;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;

/** The three services in one context. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({
    DbConfiguration.class,
    ApiServiceConfiguration.class,
    TrainerWorkerConfiguration.class,
    ProbeServiceConfiguration.class
})
public class StandaloneApplication {}
