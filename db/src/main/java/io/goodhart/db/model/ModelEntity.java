package io.goodhart.db.model;

import io.goodhart.db.codec.GoodhartJson;
import io.goodhart.domain.Problem;
import io.goodhart.domain.model.ModelFacts;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/** A row of {@code model}; written by native statements only. */
@Entity
@Immutable
@Table(name = "model")
class ModelEntity {
    @Id
    private UUID id;

    private String source;
    private @Nullable String name;
    private String state;
    private long bytes;
    private long totalBytes;
    private @Nullable String path;
    private @Nullable String hubCommit;
    private @Nullable String facts;
    private @Nullable String problems;
    private Instant createdAt;
    private @Nullable Instant endedAt;

    @SuppressWarnings("NullAway.Init") // Hibernate fills the fields
    protected ModelEntity() {}

    ModelView view() {
        return new ModelView(new ModelId(id), source, Optional.ofNullable(name), state(), createdAt);
    }

    private ModelState state() {
        return switch (state) {
            case "READY" ->
                new ModelState.Ready(
                        Objects.requireNonNull(path),
                        Optional.ofNullable(hubCommit),
                        GoodhartJson.read(ModelFacts.class, Objects.requireNonNull(facts)),
                        Objects.requireNonNull(endedAt));
            case "FAILED" ->
                new ModelState.Failed(
                        GoodhartJson.readList(Problem.class, Objects.requireNonNull(problems)),
                        Objects.requireNonNull(endedAt));
            default -> new ModelState.Registering(bytes, totalBytes);
        };
    }
}
