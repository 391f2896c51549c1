package io.goodhart.db.queue;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An event that is about to be written, of one experiment. */
public record NewEvent(
        UUID experiment,
        @Nullable UUID task,
        EventLevel level,
        String type,
        String message,
        @Nullable Object data) {}
