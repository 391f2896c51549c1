package io.goodhart.api.task;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * What is shown of tasks.
 *
 * @param logs directory in which workers keep a log for each task, where this service can see it
 */
@ConfigurationProperties(prefix = "goodhart.api.tasks", ignoreUnknownFields = false)
public record TaskProperties(@Nullable String logs) {
    public TaskProperties {
        if (logs != null && logs.isBlank()) {
            throw new IllegalArgumentException("goodhart.api.tasks.logs must name a directory, or be left out");
        }
    }
}
