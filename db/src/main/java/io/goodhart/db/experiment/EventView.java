package io.goodhart.db.experiment;

import io.goodhart.db.queue.EventLevel;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One event of an experiment.
 *
 * @param id 1, 2, 3, … within the experiment, in the order in which events became visible: whoever has seen n has seen all
 *     before it
 * @param task the task it is about, if it is about one
 * @param type such as {@code task_succeeded}
 */
public record EventView(
        long id,
        ExperimentId experiment,
        @Nullable UUID task,
        EventLevel level,
        String type,
        String message,
        @Nullable JsonNode data,
        Instant at) {}
