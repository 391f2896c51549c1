package io.goodhart.db.experiment;

import java.util.List;
import java.util.Optional;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

/** Reads artifacts. */
interface ArtifactRepository extends Repository<ArtifactEntity, String> {
    Optional<ArtifactEntity> findById(String sha256);

    @Query("select a.sha256 from ArtifactEntity a")
    List<String> everySha256();
}
