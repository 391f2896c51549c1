package io.goodhart.trainer;

import io.goodhart.trainer.scorer.JudgeSettings;
import io.goodhart.trainer.scorer.Judges;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The remote judges that a specification may name. The api-service reads names and versions of the same properties.
 *
 * @param judges by name
 */
@ConfigurationProperties(prefix = "goodhart")
public record JudgesProperties(@Nullable Map<String, Judge> judges) {
    /**
     * One judge. See {@link JudgeSettings}.
     *
     * @param url an http or https address
     */
    public record Judge(
            URI url,
            @DefaultValue("") String token,
            @DefaultValue("1") String version,
            @DefaultValue("32") int batch,
            @DefaultValue("30s") Duration timeout,
            @DefaultValue("5") int attempts,
            @DefaultValue("1s") Duration backoff,
            @DefaultValue("0") int requestsPerMinute) {
        public Judge {
            boolean web = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
            if (!web || url.getHost() == null) {
                throw new IllegalArgumentException("goodhart.judges.*.url must be an http or https address");
            }
            if (batch < 1 || attempts < 1 || requestsPerMinute < 0) {
                throw new IllegalArgumentException(
                        "goodhart.judges.*: batch and attempts must be at least 1, requests-per-minute at least 0");
            }
            if (timeout.toMillis() < 1 || backoff.toMillis() < 1) {
                throw new IllegalArgumentException("goodhart.judges.*: timeout and backoff must be at least 1 ms");
            }
        }

        /** Without the token. */
        @Override
        public String toString() {
            return "Judge[url=%s, version=%s]".formatted(url, version);
        }

        JudgeSettings settings() {
            return new JudgeSettings(url, token, version, batch, timeout, attempts, backoff, requestsPerMinute);
        }
    }

    /** What the children get. */
    Judges forChildren(Path directory) {
        Map<String, JudgeSettings> settings = new LinkedHashMap<>();
        if (judges != null) {
            judges.forEach((name, judge) -> settings.put(name, judge.settings()));
        }
        return new Judges(directory.resolve("judgements").toString(), settings);
    }
}
