package io.goodhart.db.queue;

import java.time.Duration;
import java.util.List;

/** Who is at work. Nothing that keeps tasks right depends on it. */
public interface Workers {
    /** Registers a new incarnation. */
    void register(WorkerId id, String name, String device, long memoryBytes);

    /** Says that the worker lives. */
    void beat(WorkerId id);

    /** Takes the worker off the list, on an orderly stop. */
    void deregister(WorkerId id);

    /** Workers heard of within the given time, by the database's clock, by name. */
    List<WorkerInfo> live(Duration within);
}
