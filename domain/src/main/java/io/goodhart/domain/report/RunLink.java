package io.goodhart.domain.report;

import io.goodhart.domain.model.ArtifactId;
import io.goodhart.domain.state.ExperimentState;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Where the numbers of an arm and a seed come from.
 *
 * @param run under {@code /v1/runs}
 * @param failure why it failed, if it did
 * @param artifacts what the report was made from, by name: {@code final}, {@code details}, {@code training}, {@code pairs}
 */
public record RunLink(
        String arm,
        long seed,
        UUID run,
        ExperimentState state,
        @Nullable String failure,
        Map<String, ArtifactId> artifacts) {
    public RunLink {
        artifacts = Collections.unmodifiableMap(new LinkedHashMap<>(artifacts));
    }

    /** The path of the run. */
    public String path() {
        return "/v1/runs/" + run;
    }
}
