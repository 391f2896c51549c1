package io.goodhart.db.queue;

import java.util.UUID;

/** One incarnation of a worker: new for each start of the process, so that a pod that returns by name is somebody else. */
public record WorkerId(UUID value) {
    public static WorkerId random() {
        return new WorkerId(UUID.randomUUID());
    }
}
