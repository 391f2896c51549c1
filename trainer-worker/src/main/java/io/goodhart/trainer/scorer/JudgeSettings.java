package io.goodhart.trainer.scorer;

import java.net.URI;
import java.time.Duration;

/**
 * A remote service that scores texts.
 *
 * @param url where texts are posted to
 * @param token sent as a bearer token; empty: none
 * @param version what its operator calls its present state; scores are kept under it
 * @param batch texts in one request at most
 * @param timeout until an answer has come
 * @param attempts how often one request is made at most
 * @param backoff pause before the second attempt; doubled before each further one, up to a minute
 * @param requestsPerMinute 0: as fast as it answers
 */
public record JudgeSettings(
        URI url,
        String token,
        String version,
        int batch,
        Duration timeout,
        int attempts,
        Duration backoff,
        int requestsPerMinute) {
    /** Without the token. */
    @Override
    public String toString() {
        return "JudgeSettings[url=%s, version=%s]".formatted(url, version);
    }
}
