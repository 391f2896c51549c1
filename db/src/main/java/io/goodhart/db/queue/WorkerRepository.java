package io.goodhart.db.queue;

import java.util.List;
import java.util.UUID;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;
import org.springframework.data.repository.query.Param;

/** Reads workers. */
interface WorkerRepository extends Repository<WorkerEntity, UUID> {
    @Query(nativeQuery = true, value = """
            select * from worker where last_seen >= now() - make_interval(secs => :seconds)
             order by name, started_at""")
    List<WorkerEntity> seenWithin(@Param("seconds") double seconds);
}
