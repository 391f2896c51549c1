package io.goodhart.db.queue;

import java.util.UUID;

/**
 * A claim on a task. Every write of a worker names it; the database refuses a fence that is not the task's latest.
 *
 * @param task which task
 * @param fence number that the claim was given
 */
public record TaskRef(UUID task, long fence) {}
