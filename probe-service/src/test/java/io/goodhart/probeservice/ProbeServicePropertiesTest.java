package io.goodhart.probeservice;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.unit.DataSize;

class ProbeServicePropertiesTest {
    private static final String PREFIX = "goodhart.probe-service.";

    private final ApplicationContextRunner runner = new ApplicationContextRunner().withUserConfiguration(Bound.class);

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties(ProbeServiceProperties.class)
    static class Bound {}

    @Test
    void defaultsSuitALaptop() {
        runner.run(context -> assertThat(context.getBean(ProbeServiceProperties.class))
                .isEqualTo(new ProbeServiceProperties(
                        DataSize.ofMegabytes(64), 256, 1, DataSize.ofMegabytes(512), Duration.ofSeconds(60))));
    }

    @Test
    void everyPropertyIsRead() {
        runner.withPropertyValues(
                        PREFIX + "max-request=1KB",
                        PREFIX + "max-texts=3",
                        PREFIX + "threads=2",
                        PREFIX + "heap=128MB",
                        PREFIX + "timeout=5s")
                .run(context -> assertThat(context.getBean(ProbeServiceProperties.class))
                        .isEqualTo(new ProbeServiceProperties(
                                DataSize.ofKilobytes(1), 3, 2, DataSize.ofMegabytes(128), Duration.ofSeconds(5))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "max-request=0B",
                "max-request=2GB",
                "max-texts=0",
                "threads=0",
                "heap=1MB",
                "timeout=0s",
                "timeout=-1s",
                "max-rows=1"
            })
    void valuesThatCannotWorkAndUnknownNamesAreRefused(String property) {
        runner.withPropertyValues(PREFIX + property)
                .run(context -> assertThat(context).hasFailed());
    }
}
