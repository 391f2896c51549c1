package io.goodhart.db.experiment;

import io.goodhart.domain.state.ExperimentState;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which experiments to list, newest first.
 *
 * @param limit at most so many, 1 to 100
 * @param after only those older than this one
 * @param state only those in this state
 * @param metadata only those with all of these labels
 */
public record ListQuery(
        int limit, @Nullable ExperimentId after, @Nullable ExperimentState state, Map<String, String> metadata) {
    public static final int MAX_LIMIT = 100;

    public ListQuery {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException("Need a limit of 1 to " + MAX_LIMIT + ", got " + limit);
        }
        metadata = Map.copyOf(metadata);
    }

    /** The newest experiments. */
    public static ListQuery newest(int limit) {
        return new ListQuery(limit, null, null, Map.of());
    }
}
