package io.goodhart.api.model;

import io.goodhart.db.model.ModelState;
import io.goodhart.db.model.ModelView;
import io.goodhart.domain.Problem;
import io.goodhart.domain.model.ModelFacts;
import io.goodhart.domain.model.Site;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A registered model.
 *
 * @param object always {@code model}
 * @param source where it is from
 * @param name what experiments may call it
 * @param progress while it is being registered
 * @param commit its exact revision of the Hub
 * @param facts what is known of it, once it is ready
 * @param sites those of the facts
 * @param memory what it needs
 * @param problems what is wrong with it, if it failed
 */
record Model(
        UUID id,
        String object,
        String source,
        @Nullable String name,
        State state,
        @Nullable Progress progress,
        @Nullable String commit,
        @Nullable ModelFacts facts,
        @Nullable List<Site> sites,
        @Nullable Memory memory,
        @Nullable List<Problem> problems,
        Instant createdAt,
        @Nullable Instant endedAt) {
    enum State {
        REGISTERING,
        READY,
        FAILED
    }

    /**
     * How far fetching is.
     *
     * @param totalBytes 0 while it is unknown
     */
    record Progress(long bytes, long totalBytes) {}

    /**
     * What a model needs in float32.
     *
     * @param weightBytes its weights
     * @param keyValueBytesPerToken keys and values that decoding keeps of one token, 2·L·G·K numbers; 0 for a classifier
     */
    record Memory(long weightBytes, long keyValueBytesPerToken) {
        private static final long FLOAT = 4;

        static Memory of(ModelFacts facts) {
            long cached = 2L * facts.layers() * facts.keyValueHeads() * facts.dHead();
            return new Memory(
                    FLOAT * facts.parameters(), facts.task() == ModelFacts.Task.LANGUAGE_MODEL ? FLOAT * cached : 0);
        }
    }

    static Model of(ModelView view) {
        return switch (view.state()) {
            case ModelState.Registering(long bytes, long total) ->
                new Model(
                        view.id().value(),
                        "model",
                        view.source(),
                        view.name().orElse(null),
                        State.REGISTERING,
                        new Progress(bytes, total),
                        null,
                        null,
                        null,
                        null,
                        null,
                        view.createdAt(),
                        null);
            case ModelState.Ready ready -> ready(view, ready);
            case ModelState.Failed failed ->
                new Model(
                        view.id().value(),
                        "model",
                        view.source(),
                        view.name().orElse(null),
                        State.FAILED,
                        null,
                        null,
                        null,
                        null,
                        null,
                        failed.problems(),
                        view.createdAt(),
                        failed.at());
        };
    }

    private static Model ready(ModelView view, ModelState.Ready ready) {
        return new Model(
                view.id().value(),
                "model",
                view.source(),
                view.name().orElse(null),
                State.READY,
                null,
                ready.commit().orElse(null),
                ready.facts(),
                ready.facts().sites(),
                Memory.of(ready.facts()),
                null,
                view.createdAt(),
                ready.at());
    }
}
