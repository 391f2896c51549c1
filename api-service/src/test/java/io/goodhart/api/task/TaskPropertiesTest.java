package io.goodhart.api.task;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class TaskPropertiesTest {
    private final ApplicationContextRunner runner =
            new ApplicationContextRunner().withUserConfiguration(TaskLogs.class);

    @Test
    void byDefaultThereIsNoDirectoryOfLogs() {
        runner.run(context -> assertThat(context.getBean(TaskProperties.class)).isEqualTo(new TaskProperties(null)));
    }

    @Test
    void theDirectoryIsRead() {
        runner.withPropertyValues("goodhart.api.tasks.logs=/srv/logs")
                .run(context ->
                        assertThat(context.getBean(TaskProperties.class).logs()).isEqualTo("/srv/logs"));
    }

    @Test
    void blankOrUnknownSettingsStopTheStart() {
        runner.withPropertyValues("goodhart.api.tasks.logs= ")
                .run(context -> assertThat(context).hasFailed());
        runner.withPropertyValues("goodhart.api.tasks.log=/x")
                .run(context -> assertThat(context).hasFailed());
    }
}
