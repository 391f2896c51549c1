package io.goodhart.db.experiment;

import io.goodhart.db.queue.Output;
import io.goodhart.domain.model.ArtifactId;
import java.util.Optional;
import java.util.Set;

/** What the database knows of artifacts; their bytes are in the artifact store. */
public interface Artifacts {
    /** Size and media type of an artifact that some task gave. */
    Optional<Output> find(ArtifactId id);

    /** Every artifact that a row names: what is not among them is an orphan. */
    Set<ArtifactId> referenced();
}
