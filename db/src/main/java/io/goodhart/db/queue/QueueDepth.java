package io.goodhart.db.queue;

import io.goodhart.domain.state.TaskState;

/** How many tasks of a kind are in a state that is not final. */
public record QueueDepth(String kind, TaskState state, long tasks) {}
