package io.goodhart.api.experiment;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What one request may ask for.
 *
 * @param body largest specification
 * @param runs most runs (arms × seeds) of one experiment
 * @param tasks most tasks of one experiment, before any are shared
 */
@ConfigurationProperties(prefix = "goodhart.api.limits", ignoreUnknownFields = false)
public record LimitProperties(
        @DefaultValue("1MB") DataSize body,
        @DefaultValue("2000") int runs,
        @DefaultValue("20000") int tasks) {
    public LimitProperties {
        if (body.toBytes() < 1 || runs < 1 || tasks < 1) {
            throw new IllegalArgumentException("goodhart.api.limits must be positive, got body %s, runs %d, tasks %d"
                    .formatted(body, runs, tasks));
        }
    }
}
