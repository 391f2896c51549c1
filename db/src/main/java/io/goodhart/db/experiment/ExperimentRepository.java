package io.goodhart.db.experiment;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;
import org.springframework.data.repository.query.Param;

/** Reads experiments. Ids grow with time, so they order the list. */
interface ExperimentRepository extends Repository<ExperimentEntity, UUID> {
    Optional<ExperimentEntity> findById(UUID id);

    boolean existsById(UUID id);

    @Query(nativeQuery = true, value = """
            select * from experiment
             where (cast(:after as uuid) is null or id < cast(:after as uuid))
               and (cast(:state as text) is null or state = cast(:state as text))
               and metadata @> cast(:metadata as jsonb)
             order by id desc limit :limit""")
    List<ExperimentEntity> newest(
            @Param("after") @Nullable String after,
            @Param("state") @Nullable String state,
            @Param("metadata") String metadata,
            @Param("limit") int limit);
}
