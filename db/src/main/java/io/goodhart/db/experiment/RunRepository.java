package io.goodhart.db.experiment;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.data.repository.Repository;

/** Reads runs. */
interface RunRepository extends Repository<RunEntity, UUID> {
    Optional<RunEntity> findById(UUID id);

    boolean existsById(UUID id);

    List<RunEntity> findByExperimentIdOrderByOrdinal(UUID experimentId);
}
