package io.goodhart.modelfiles.source;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * How the Hub is spoken to.
 *
 * @param endpoint its address, for example {@code https://huggingface.co}
 * @param token what proves who asks; sent to the endpoint and to no other host, and never written anywhere
 * @param mode whether anything may be fetched
 * @param attempts how often one request is made, the first time included
 * @param backoff pause before the second attempt; doubled before each further one
 * @param timeout until an answer begins
 */
public record HubSettings(
        URI endpoint, Optional<String> token, Mode mode, int attempts, Duration backoff, Duration timeout) {
    /** Whether the network is used. */
    public enum Mode {
        ONLINE,
        /** Only what lies in the cache. */
        OFFLINE
    }

    /** Without the token, because records are written to logs. */
    @Override
    public String toString() {
        return "HubSettings[endpoint=%s, mode=%s]".formatted(endpoint, mode);
    }
}
