package io.goodhart.db.experiment;

import io.goodhart.domain.state.ExperimentState;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/** A row of {@code run}; written by native statements only. */
@Entity
@Immutable
@Table(name = "run")
class RunEntity {
    @Id
    private UUID id;

    private UUID experimentId;
    private int ordinal;
    private String arm;
    private long seed;

    @Enumerated(EnumType.STRING)
    private ExperimentState state;

    private @Nullable String failureCode;
    private @Nullable String failureDetail;
    private @Nullable Instant startedAt;
    private @Nullable Instant endedAt;

    @SuppressWarnings("NullAway.Init") // Hibernate fills the fields
    protected RunEntity() {}

    UUID id() {
        return id;
    }

    int ordinal() {
        return ordinal;
    }

    RunView view(TaskCounts tasks) {
        return new RunView(
                new RunId(id),
                new ExperimentId(experimentId),
                arm,
                seed,
                state,
                tasks,
                ExperimentEntity.failure(failureCode, failureDetail),
                startedAt,
                endedAt);
    }
}
