package io.goodhart.db.experiment;

import io.goodhart.db.codec.GoodhartJson;
import io.goodhart.domain.Problem;
import io.goodhart.domain.model.ArtifactId;
import io.goodhart.domain.spec.ExperimentSpec;
import io.goodhart.domain.state.ExperimentState;
import io.goodhart.domain.state.FailureCode;
import io.goodhart.domain.state.Priority;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/** A row of {@code experiment}; written by native statements only. */
@Entity
@Immutable
@Table(name = "experiment")
class ExperimentEntity {
    @Id
    private UUID id;

    private String name;

    @Enumerated(EnumType.STRING)
    private ExperimentState state;

    private int priority;

    private String spec;
    private String metadata;
    private String warnings;
    private UUID reportTask;
    private @Nullable String failureCode;
    private @Nullable String failureDetail;
    private Instant createdAt;
    private @Nullable Instant startedAt;
    private @Nullable Instant endedAt;

    @SuppressWarnings("NullAway.Init") // Hibernate fills the fields
    protected ExperimentEntity() {}

    UUID id() {
        return id;
    }

    UUID reportTask() {
        return reportTask;
    }

    ExperimentSummary summary(TaskCounts tasks) {
        Map<String, String> labels = new TreeMap<>();
        GoodhartJson.tree(metadata)
                .properties()
                .forEach(label -> labels.put(label.getKey(), label.getValue().asString()));
        return new ExperimentSummary(
                new ExperimentId(id),
                name,
                state,
                new Priority(priority),
                labels,
                tasks,
                createdAt,
                startedAt,
                endedAt);
    }

    ExperimentView view(TaskCounts tasks, @Nullable ArtifactId report) {
        return new ExperimentView(
                summary(tasks),
                GoodhartJson.read(ExperimentSpec.class, spec),
                GoodhartJson.readList(Problem.class, warnings),
                failure(failureCode, failureDetail),
                reportTask,
                report);
    }

    static @Nullable Failure failure(@Nullable String code, @Nullable String detail) {
        return code == null ? null : new Failure(FailureCode.valueOf(code), detail == null ? "" : detail);
    }
}
