package io.goodhart.db.queue;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.Immutable;

/** A row of {@code worker}. */
@Entity
@Immutable
@Table(name = "worker")
class WorkerEntity {
    @Id
    private UUID id;

    private String name;
    private String device;
    private long memoryBytes;
    private Instant startedAt;
    private Instant lastSeen;

    @SuppressWarnings("NullAway.Init") // Hibernate fills the fields
    protected WorkerEntity() {}

    WorkerInfo info() {
        return new WorkerInfo(new WorkerId(id), name, device, memoryBytes, startedAt, lastSeen);
    }
}
