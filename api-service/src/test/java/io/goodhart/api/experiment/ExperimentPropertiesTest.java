package io.goodhart.api.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import io.goodhart.api.worker.WorkerProperties;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.util.unit.DataSize;

class ExperimentPropertiesTest {
    private final ApplicationContextRunner runner =
            new ApplicationContextRunner().withUserConfiguration(Properties.class);

    @Test
    void defaults() {
        runner.run(context -> {
            assertThat(context.getBean(LimitProperties.class))
                    .isEqualTo(new LimitProperties(DataSize.ofMegabytes(1), 2000, 20_000));
            assertThat(context.getBean(EventProperties.class))
                    .isEqualTo(new EventProperties(Duration.ofSeconds(1), Duration.ofSeconds(15)));
            assertThat(context.getBean(WorkerProperties.class)).isEqualTo(new WorkerProperties(Duration.ofMinutes(1)));
        });
    }

    @Test
    void everyPropertyIsRead() {
        runner.withPropertyValues(
                        "goodhart.api.limits.body=2KB",
                        "goodhart.api.limits.runs=3",
                        "goodhart.api.limits.tasks=4",
                        "goodhart.api.events.poll-interval=2s",
                        "goodhart.api.events.heartbeat=3s",
                        "goodhart.api.workers.live-within=4s")
                .run(context -> {
                    assertThat(context.getBean(LimitProperties.class))
                            .isEqualTo(new LimitProperties(DataSize.ofKilobytes(2), 3, 4));
                    assertThat(context.getBean(EventProperties.class))
                            .isEqualTo(new EventProperties(Duration.ofSeconds(2), Duration.ofSeconds(3)));
                    assertThat(context.getBean(WorkerProperties.class))
                            .isEqualTo(new WorkerProperties(Duration.ofSeconds(4)));
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "goodhart.api.limits.runs=0",
                "goodhart.api.limits.body=0B",
                "goodhart.api.limits.tasks=0",
                "goodhart.api.limits.task=5",
                "goodhart.api.events.poll-interval=0s",
                "goodhart.api.events.heartbeat=-1s",
                "goodhart.api.events.heart=1s",
                "goodhart.api.workers.live-within=0s",
                "goodhart.api.workers.dead-after=1s"
            })
    void aWrongOrUnknownSettingStopsTheStart(String setting) {
        runner.withPropertyValues(setting).run(context -> assertThat(context).hasFailed());
    }

    @EnableConfigurationProperties({LimitProperties.class, EventProperties.class, WorkerProperties.class})
    static class Properties {}
}
