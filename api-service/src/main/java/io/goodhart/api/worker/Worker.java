package io.goodhart.api.worker;

import io.goodhart.db.queue.WorkerInfo;
import java.time.Instant;
import java.util.UUID;

/**
 * A worker that is alive.
 *
 * @param id new for each start of the process
 * @param object always {@code worker}
 * @param name of the host or pod
 * @param device what it computes on
 * @param memoryBytes memory that its computations may use
 */
public record Worker(
        UUID id, String object, String name, String device, long memoryBytes, Instant startedAt, Instant lastSeen) {
    static Worker of(WorkerInfo worker) {
        return new Worker(
                worker.id().value(),
                "worker",
                worker.name(),
                worker.device(),
                worker.memoryBytes(),
                worker.startedAt(),
                worker.lastSeen());
    }
}
