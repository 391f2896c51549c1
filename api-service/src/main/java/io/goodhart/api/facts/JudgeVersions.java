package io.goodhart.api.facts;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;
import io.goodhart.domain.plan.Scorer;
import java.net.URI;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The remote judges that a specification may name. The workers read addresses and keys from the same properties.
 *
 * @param judges by name
 */
@ConfigurationProperties(prefix = "goodhart")
public record JudgeVersions(@Nullable Map<String, Judge> judges) {
    /**
     * One judge.
     *
     * @param url where it is; only the workers call it
     * @param version what its operator calls its present state
     */
    public record Judge(URI url, @DefaultValue("1") String version) {}

    /** @throws InvalidInputException with code {@code unknown_judge} */
    Scorer.Judge pin(String name, String field) {
        Map<String, Judge> known = Objects.requireNonNullElse(judges, Map.of());
        Judge judge = known.get(name);
        if (judge == null) {
            String names = known.isEmpty() ? "none" : String.join(", ", new TreeMap<>(known).keySet());
            throw new InvalidInputException(new Problem(
                    "unknown_judge",
                    field,
                    "No judge is configured under the name %s (there are: %s); its operator sets goodhart.judges.NAME.url"
                            .formatted(name, names)));
        }
        return new Scorer.Judge(name, judge.version());
    }
}
