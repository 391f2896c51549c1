package io.goodhart.api.fake;

import io.goodhart.db.queue.WorkerId;
import io.goodhart.db.queue.WorkerInfo;
import io.goodhart.db.queue.Workers;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Workers that live until they are taken off. */
public final class FakeWorkers implements Workers {
    private final Map<WorkerId, WorkerInfo> workers = new LinkedHashMap<>();

    @Override
    public void register(WorkerId id, String name, String device, long memoryBytes) {
        workers.put(id, new WorkerInfo(id, name, device, memoryBytes, Instant.EPOCH, Instant.EPOCH));
    }

    @Override
    public void beat(WorkerId id) {}

    @Override
    public void deregister(WorkerId id) {
        workers.remove(id);
    }

    @Override
    public List<WorkerInfo> live(Duration within) {
        return List.copyOf(workers.values());
    }

    /** No worker at all. */
    public void clear() {
        workers.clear();
    }
}
