package io.goodhart.db.experiment;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;
import org.springframework.data.repository.query.Param;

/** Reads probes. */
interface ProbeRepository extends Repository<ProbeEntity, UUID> {
    Optional<ProbeEntity> findById(UUID id);

    @Query(nativeQuery = true, value = """
            select p.* from probe p join experiment_task t on t.task_id = p.task_id
             where t.experiment_id = :experiment
             order by t.ordinal, p.idx""")
    List<ProbeEntity> ofExperiment(@Param("experiment") UUID experiment);

    @Query(nativeQuery = true, value = """
            select * from probe where cast(:after as uuid) is null or id < cast(:after as uuid)
             order by id desc limit :limit""")
    List<ProbeEntity> newest(@Param("after") @Nullable String after, @Param("limit") int limit);
}
