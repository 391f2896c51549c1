package io.goodhart.tuning.loop;

import io.goodhart.tuning.model.TrainableModel;
import java.util.List;

/** The part of a step that depends on what is learnt: forward pass, loss, backward pass and metrics of micro-batches. */
sealed interface StepWork permits GroupWork, PreferenceWork, TextWork {
    static StepWork of(TrainableModel model, TrainingTask task) {
        return switch (task) {
            case TrainingTask.Preferences preferences -> new PreferenceWork(model, preferences);
            case TrainingTask.Sft sft -> TextWork.of(model, sft);
            case TrainingTask.ProbeSft probeSft -> TextWork.of(model, probeSft);
            case TrainingTask.Grpo grpo -> new GroupWork(model, grpo);
        };
    }

    /** Prepares for the micro-batches of a step counted from 0. */
    void begin(int step, List<int[]> microBatches, MetricAccumulator metrics);

    /**
     * Adds the gradients of one micro-batch to those of the trainable tensors, and its metrics. Tensors it makes belong to
     * the current scope.
     *
     * @return the micro-batch's share in the loss of the step; if it is not finite, gradients are meaningless
     */
    double microBatch(int[] rows, MetricAccumulator metrics);
}
