package io.goodhart.db.experiment;

import io.goodhart.db.queue.Output;
import io.goodhart.domain.model.ArtifactId;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.springframework.stereotype.Component;

/** Artifacts as rows. */
@Component
final class StoredArtifacts implements Artifacts {
    private final ArtifactRepository repository;

    StoredArtifacts(ArtifactRepository repository) {
        this.repository = repository;
    }

    @Override
    public Optional<Output> find(ArtifactId id) {
        return repository.findById(id.sha256()).map(ArtifactEntity::output);
    }

    @Override
    public Set<ArtifactId> referenced() {
        Set<ArtifactId> ids = new HashSet<>();
        repository.everySha256().forEach(sha256 -> ids.add(new ArtifactId(sha256)));
        return ids;
    }
}
