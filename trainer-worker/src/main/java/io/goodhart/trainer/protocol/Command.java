package io.goodhart.trainer.protocol;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.UUID;

/** What the supervisor tells the child. The end of the child's stdin means {@link Shutdown} at once. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Command.Run.class, name = "run"),
    @JsonSubTypes.Type(value = Command.Stop.class, name = "stop"),
    @JsonSubTypes.Type(value = Command.Shutdown.class, name = "shutdown")
})
public sealed interface Command {
    /** Compute this; sent only while the child is idle. */
    record Run(Assignment assignment) implements Command {}

    /**
     * Stop at the next step or batch. Answered by {@link Message.Stopped}, or by the task's end if that comes first.
     *
     * @param keep write a checkpoint first, if the task can
     */
    record Stop(UUID task, boolean keep) implements Command {}

    /** End the process after the current step. */
    record Shutdown() implements Command {}
}
