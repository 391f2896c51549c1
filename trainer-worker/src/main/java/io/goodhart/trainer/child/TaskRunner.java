package io.goodhart.trainer.child;

import io.goodhart.domain.plan.TaskSpec;

/** Computes tasks, one at a time, always on the same thread. */
@FunctionalInterface
public interface TaskRunner {
    /** Writes the task's outputs to the context's files. */
    void run(TaskSpec spec, TaskContext context);
}
