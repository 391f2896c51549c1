package io.goodhart.api.experiment;

import io.goodhart.db.experiment.EventView;
import io.goodhart.db.queue.EventLevel;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One event of an experiment.
 *
 * @param id 1, 2, 3, … within the experiment, in the order in which events became visible
 * @param object always {@code experiment.event}
 * @param taskId the task it is about, if it is about one
 * @param type such as {@code task_succeeded}
 */
record Event(
        long id,
        String object,
        UUID experimentId,
        @Nullable UUID taskId,
        EventLevel level,
        String type,
        String message,
        @Nullable JsonNode data,
        Instant createdAt) {
    static Event of(EventView event) {
        return new Event(
                event.id(),
                "experiment.event",
                event.experiment().value(),
                event.task(),
                event.level(),
                event.type(),
                event.message(),
                event.data(),
                event.at());
    }
}
