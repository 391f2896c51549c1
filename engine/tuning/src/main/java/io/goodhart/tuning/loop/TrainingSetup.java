package io.goodhart.tuning.loop;

import io.goodhart.tuning.data.BatchPlan;
import io.goodhart.tuning.model.TrainableModel;
import io.goodhart.tuning.optimize.Optimization;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Everything a training needs.
 *
 * @param snapshotSteps numbers of done steps after which the listener may evaluate the model; 0 is before the first
 * @param cancelled asked between steps: true ends the training
 */
public record TrainingSetup(
        TrainableModel model,
        TrainingTask task,
        BatchPlan plan,
        Optimization optimization,
        Checkpointing checkpointing,
        Set<Integer> snapshotSteps,
        BooleanSupplier cancelled) {
    public TrainingSetup {
        snapshotSteps = Set.copyOf(snapshotSteps);
        if (task.rows() != plan.rows()) {
            throw new IllegalArgumentException("The task has %d rows, its plan %d".formatted(task.rows(), plan.rows()));
        }
    }

    /** Without checkpoints, snapshots or a way to cancel. */
    public static TrainingSetup of(TrainableModel model, TrainingTask task, BatchPlan plan, Optimization optimization) {
        return new TrainingSetup(model, task, plan, optimization, Checkpointing.none(), Set.of(), () -> false);
    }

    /** The same with checkpoints. */
    public TrainingSetup with(Checkpointing other) {
        return new TrainingSetup(model, task, plan, optimization, other, snapshotSteps, cancelled);
    }

    /** The same with evaluation points. */
    public TrainingSetup withSnapshots(Set<Integer> steps) {
        return new TrainingSetup(model, task, plan, optimization, checkpointing, steps, cancelled);
    }

    /** The same with a cancel flag. */
    public TrainingSetup withCancel(BooleanSupplier flag) {
        return new TrainingSetup(model, task, plan, optimization, checkpointing, snapshotSteps, flag);
    }
}
