package io.goodhart.trainer.execute;

import io.goodhart.domain.plan.TaskSpec;
import io.goodhart.trainer.child.TaskContext;

/** Computes one kind of task. */
interface TaskExecutor<S extends TaskSpec> {
    /** Reads the inputs, checks the stop flag at each step or batch, and writes every output. */
    void execute(S spec, TaskContext context);
}
