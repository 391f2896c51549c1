package io.goodhart.db.experiment;

import io.goodhart.db.queue.Output;
import io.goodhart.domain.model.ArtifactId;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.hibernate.annotations.Immutable;

/** A row of {@code artifact}; written by native statements only. */
@Entity
@Immutable
@Table(name = "artifact")
class ArtifactEntity {
    @Id
    private String sha256;

    private long bytes;
    private String mediaType;

    @SuppressWarnings("NullAway.Init") // Hibernate fills the fields
    protected ArtifactEntity() {}

    Output output() {
        return new Output(new ArtifactId(sha256), bytes, mediaType);
    }
}
