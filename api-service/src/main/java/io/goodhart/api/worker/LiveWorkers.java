package io.goodhart.api.worker;

import io.goodhart.db.queue.WorkerInfo;
import io.goodhart.db.queue.Workers;
import java.util.List;
import java.util.OptionalLong;
import org.springframework.stereotype.Component;

/** Workers that were heard of lately. */
@Component
public class LiveWorkers {
    private final Workers workers;
    private final WorkerProperties properties;

    LiveWorkers(Workers workers, WorkerProperties properties) {
        this.workers = workers;
        this.properties = properties;
    }

    List<WorkerInfo> all() {
        return workers.live(properties.liveWithin());
    }

    /** How many are alive. */
    public int count() {
        return all().size();
    }

    /** Memory of the largest one; empty if none is alive. */
    public OptionalLong largestMemoryBytes() {
        return all().stream().mapToLong(WorkerInfo::memoryBytes).max();
    }
}
