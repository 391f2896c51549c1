package io.goodhart.db;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the queue.
 *
 * @param listen whether to use LISTEN/NOTIFY; polling alone works too
 * @param pollInterval longest time before those who wait look again
 * @param sweep whether this process ends tasks whose attempts are used up
 * @param sweepInterval pause between two sweeps
 * @param maxAttempts attempts that a task has
 * @param retryPause pause before the second attempt; doubles with each further one
 * @param longestRetryPause where doubling stops
 */
@ConfigurationProperties(prefix = "goodhart.db", ignoreUnknownFields = false)
public record DbProperties(
        @DefaultValue("true") boolean listen,
        @DefaultValue("1s") Duration pollInterval,
        @DefaultValue("true") boolean sweep,
        @DefaultValue("5s") Duration sweepInterval,
        @DefaultValue("3") int maxAttempts,
        @DefaultValue("5s") Duration retryPause,
        @DefaultValue("5m") Duration longestRetryPause) {
    public DbProperties {
        positive("poll-interval", pollInterval);
        positive("sweep-interval", sweepInterval);
        positive("longest-retry-pause", longestRetryPause);
        if (retryPause.isNegative()) {
            throw new IllegalArgumentException("goodhart.db.retry-pause must not be negative, got " + retryPause);
        }
        if (maxAttempts < 1) {
            throw new IllegalArgumentException("goodhart.db.max-attempts must be at least 1, got " + maxAttempts);
        }
    }

    private static void positive(String name, Duration value) {
        if (!value.isPositive()) {
            throw new IllegalArgumentException("goodhart.db." + name + " must be positive, got " + value);
        }
    }

    /** Pause after an attempt has failed. */
    public Duration pauseAfter(int attempt) {
        Duration pause = retryPause;
        for (int i = 1; i < attempt && pause.compareTo(longestRetryPause) < 0; i++) {
            pause = pause.multipliedBy(2);
        }
        return pause.compareTo(longestRetryPause) < 0 ? pause : longestRetryPause;
    }
}
