package io.goodhart.db.model;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;
import org.springframework.data.repository.query.Param;

/** Reads registered models. */
interface ModelRepository extends Repository<ModelEntity, UUID> {
    Optional<ModelEntity> findById(UUID id);

    Optional<ModelEntity> findBySource(String source);

    Optional<ModelEntity> findByName(String name);

    @Query(nativeQuery = true, value = """
            select * from model where cast(:after as uuid) is null or id < cast(:after as uuid)
             order by id desc limit :limit""")
    List<ModelEntity> newest(@Param("after") @Nullable String after, @Param("limit") int limit);
}
