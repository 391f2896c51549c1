package io.goodhart.tuning.loop;

import io.goodhart.tuning.model.TrainableModel;
import java.nio.file.Path;

/**
 * Is told what happens, on the training thread, between steps. For one step the order is metrics, progress, snapshot,
 * checkpoint: what a checkpoint covers has been told. After a resumption the steps behind the checkpoint are told again, with
 * the same values.
 */
public interface TrainingListener {
    /** A step is done and its update applied. */
    default void onStep(StepMetrics metrics) {}

    default void onProgress(Progress progress) {}

    /**
     * An evaluation point is reached. The model's weights are those after {@code step} steps; it may be used for inference
     * but not changed.
     */
    default void onSnapshot(int step, TrainableModel model) {}

    /** A checkpoint is complete on disk. It is deleted when the next but one is. */
    default void onCheckpoint(int step, Path file) {}
}
