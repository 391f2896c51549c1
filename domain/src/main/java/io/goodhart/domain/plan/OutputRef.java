package io.goodhart.domain.plan;

/**
 * One output of a task.
 *
 * @param task which task
 * @param output name of the output, such as {@code responses}
 */
public record OutputRef(TaskKey task, String output) {}
