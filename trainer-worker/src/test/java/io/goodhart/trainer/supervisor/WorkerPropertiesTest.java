package io.goodhart.trainer.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.util.unit.DataSize;

class WorkerPropertiesTest {
    @EnableConfigurationProperties(WorkerProperties.class)
    static class Application {}

    private final ApplicationContextRunner runner =
            new ApplicationContextRunner().withUserConfiguration(Application.class);

    @Test
    void defaultsAreOneWorkerWithOneThread() {
        runner.run(context -> {
            WorkerProperties properties = context.getBean(WorkerProperties.class);
            assertThat(properties.count()).isEqualTo(1);
            assertThat(properties.device()).isEqualTo("cpu");
            assertThat(properties.threads()).isEqualTo(1);
            assertThat(properties.name()).isNull();
            assertThat(properties.directory()).isEqualTo("work");
            assertThat(properties.lease()).isEqualTo(Duration.ofSeconds(30));
            assertThat(properties.failuresInARow()).isEqualTo(5);
            assertThat(properties.computeMemory()).isEqualTo(ResidentMemory.ofMachine() - (1L << 30));
            assertThat(properties.residentLimitBytes()).isEqualTo(ResidentMemory.ofMachine() * 4 / 5);
        });
    }

    @Test
    void everyPropertyCanBeSet() {
        runner.withPropertyValues(
                        "goodhart.worker.count=2",
                        "goodhart.worker.device=cuda:1",
                        "goodhart.worker.threads=3",
                        "goodhart.worker.name=gpu-1",
                        "goodhart.worker.directory=/srv/work",
                        "goodhart.worker.heap=2GB",
                        "goodhart.worker.lease=1m",
                        "goodhart.worker.poll=3s",
                        "goodhart.worker.start=4m",
                        "goodhart.worker.silence=5m",
                        "goodhart.worker.grace=6s",
                        "goodhart.worker.drain=7s",
                        "goodhart.worker.tasks-per-child=8",
                        "goodhart.worker.resident-limit=9GB",
                        "goodhart.worker.failures-in-a-row=10",
                        "goodhart.worker.recovery=11m",
                        "goodhart.worker.log-limit=12MB",
                        "goodhart.worker.logs-kept=13")
                .run(context -> assertThat(context.getBean(WorkerProperties.class))
                        .isEqualTo(new WorkerProperties(
                                2,
                                "cuda:1",
                                3,
                                "gpu-1",
                                "/srv/work",
                                DataSize.ofGigabytes(2),
                                Duration.ofMinutes(1),
                                Duration.ofSeconds(3),
                                Duration.ofMinutes(4),
                                Duration.ofMinutes(5),
                                Duration.ofSeconds(6),
                                Duration.ofSeconds(7),
                                8,
                                DataSize.ofGigabytes(9),
                                10,
                                Duration.ofMinutes(11),
                                DataSize.ofMegabytes(12),
                                13)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "goodhart.worker.count=-1",
                "goodhart.worker.grace=0s",
                "goodhart.worker.drain=-1s",
                "goodhart.worker.recovery=0s",
                "goodhart.worker.resident-limit=0B",
                "goodhart.worker.directory= ",
                "goodhart.worker.name= ",
                "goodhart.worker.threads=-1",
                "goodhart.worker.device=tpu",
                "goodhart.worker.heap=1B",
                "goodhart.worker.lease=0s",
                "goodhart.worker.tasks-per-child=0",
                "goodhart.worker.cuont=2"
            })
    void whatMakesNoSenseIsRefused(String property) {
        runner.withPropertyValues(property).run(context -> assertThat(context).hasFailed());
    }
}
