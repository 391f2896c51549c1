package io.goodhart.api.experiment;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Streams of events.
 *
 * @param pollInterval how often the database is asked where no notification comes
 * @param heartbeat how long a stream is silent before a comment keeps it open
 */
@ConfigurationProperties(prefix = "goodhart.api.events", ignoreUnknownFields = false)
public record EventProperties(
        @DefaultValue("1s") Duration pollInterval,
        @DefaultValue("15s") Duration heartbeat) {
    public EventProperties {
        if (!pollInterval.isPositive() || !heartbeat.isPositive()) {
            throw new IllegalArgumentException("goodhart.api.events: intervals must be positive, got %s and %s"
                    .formatted(pollInterval, heartbeat));
        }
    }
}
