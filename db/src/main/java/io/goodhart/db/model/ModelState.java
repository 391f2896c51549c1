package io.goodhart.db.model;

import io.goodhart.domain.Problem;
import io.goodhart.domain.model.ModelFacts;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** How far a registration is. */
public sealed interface ModelState {
    /** Being fetched and checked; total is 0 while it is unknown. */
    record Registering(long bytes, long totalBytes) implements ModelState {}

    /**
     * To be used.
     *
     * @param path directory, relative to the files root
     * @param commit which revision of the Hub, if it is from there
     */
    record Ready(String path, Optional<String> commit, ModelFacts facts, Instant at) implements ModelState {}

    /** Refused, with everything that is wrong. */
    record Failed(List<Problem> problems, Instant at) implements ModelState {
        public Failed {
            problems = List.copyOf(problems);
        }
    }
}
