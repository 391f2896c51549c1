package io.goodhart.db.experiment;

import io.goodhart.db.codec.GoodhartJson;
import io.goodhart.db.queue.FittedProbe;
import io.goodhart.domain.model.ArtifactId;
import io.goodhart.domain.model.ModelRevision;
import io.goodhart.domain.model.ProbeRole;
import io.goodhart.domain.model.Site;
import io.goodhart.domain.spec.ProbeSpec;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/** A row of {@code probe}; written by native statements only. */
@Entity
@Immutable
@Table(name = "probe")
class ProbeEntity {
    @Id
    private UUID id;

    private UUID taskId;
    private int idx;

    @Enumerated(EnumType.STRING)
    private ProbeRole role;

    @Enumerated(EnumType.STRING)
    private ProbeSpec.Kind kind;

    @Enumerated(EnumType.STRING)
    private Site site;

    private @Nullable Integer layer;
    private String modelPath;
    private String modelSha256;
    private String artifact;
    private String description;
    private Instant createdAt;

    @SuppressWarnings("NullAway.Init") // Hibernate fills the fields
    protected ProbeEntity() {}

    ProbeView view() {
        FittedProbe probe = new FittedProbe(
                role,
                idx,
                kind,
                site,
                layer,
                new ModelRevision(modelPath, modelSha256),
                new ArtifactId(artifact),
                GoodhartJson.tree(description));
        return new ProbeView(new ProbeId(id), taskId, probe, createdAt);
    }
}
