package io.goodhart.api.model;

import io.goodhart.api.files.UploadLimit;
import io.goodhart.modelfiles.source.HubSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How models are registered.
 *
 * @param cache where fetched models are kept: a directory below the files root, because workers and the probe-service find models
 *     there
 * @param lease a registration whose process says nothing for so long is taken up by another one
 * @param poll how often registrations that nobody works on are looked for
 * @param maxSize largest archive, packed and unpacked
 * @param hub how the Hub is spoken to
 */
@ConfigurationProperties(prefix = "goodhart.models", ignoreUnknownFields = false)
record ModelsProperties(
        @DefaultValue("models/registered") String cache,
        @DefaultValue("60s") Duration lease,
        @DefaultValue("5s") Duration poll,
        @DefaultValue("64GB") DataSize maxSize,
        @DefaultValue Hub hub) {
    ModelsProperties {
        Path path = Path.of(cache);
        if (cache.isBlank() || path.isAbsolute() || !path.normalize().equals(path) || path.startsWith("..")) {
            throw new IllegalArgumentException("goodhart.models.cache must name a directory below the files root");
        }
        limit(maxSize);
    }

    private static UploadLimit limit(DataSize maxSize) {
        return new UploadLimit("An archive", "goodhart.models.max-size", maxSize);
    }

    UploadLimit limit() {
        return limit(maxSize);
    }

    /**
     * The Hub.
     *
     * @param endpoint its address
     * @param token proves who asks; may be empty
     * @param offline whether only the cache is used
     * @param attempts how often one request is made at most
     * @param backoff pause before the second attempt; doubled before each further one
     * @param timeout until an answer begins or continues
     */
    record Hub(
            @DefaultValue("https://huggingface.co") URI endpoint,
            @DefaultValue("") String token,
            @DefaultValue("false") boolean offline,
            @DefaultValue("5") int attempts,
            @DefaultValue("1s") Duration backoff,
            @DefaultValue("30s") Duration timeout) {
        Hub {
            if (!"http".equals(endpoint.getScheme()) && !"https".equals(endpoint.getScheme())) {
                throw new IllegalArgumentException("goodhart.models.hub.endpoint must be an http or https address");
            }
            if (attempts < 1) {
                throw new IllegalArgumentException("goodhart.models.hub.attempts must be at least 1, got " + attempts);
            }
        }

        HubSettings settings() {
            return new HubSettings(
                    endpoint,
                    Optional.of(token).filter(text -> !text.isBlank()),
                    offline ? HubSettings.Mode.OFFLINE : HubSettings.Mode.ONLINE,
                    attempts,
                    backoff,
                    timeout);
        }

        /** Without the token. */
        @Override
        public String toString() {
            return "Hub[endpoint=%s, offline=%s]".formatted(endpoint, offline);
        }
    }
}
