package io.goodhart.api.worker;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What counts as a live worker.
 *
 * @param liveWithin a worker that was not heard of for longer is taken for dead
 */
@ConfigurationProperties(prefix = "goodhart.api.workers", ignoreUnknownFields = false)
public record WorkerProperties(@DefaultValue("60s") Duration liveWithin) {
    public WorkerProperties {
        if (!liveWithin.isPositive()) {
            throw new IllegalArgumentException("goodhart.api.workers.live-within must be positive, got " + liveWithin);
        }
    }
}
