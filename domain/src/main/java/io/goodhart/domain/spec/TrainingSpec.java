package io.goodhart.domain.spec;

import org.jspecify.annotations.Nullable;

/**
 * Hyper-parameters under TRL's names. Absent ones take the experiment's value, then {@link TrainingSettings}' default.
 * See {@link TrainingSettings} for meanings and units.
 *
 * @param gradientCheckpointing whether blocks are computed twice to save memory, which changes no number; absent: where a training
 *     fits the workers only so
 */
public record TrainingSpec(
        @Nullable TrainingMode mode,
        @Nullable AdapterSpec adapter,
        @Nullable Double beta,
        @Nullable Double labelSmoothing,
        @Nullable Double learningRate,
        @Nullable LrScheduler lrSchedulerType,
        @Nullable Integer warmupSteps,
        @Nullable Double minLrRatio,
        @Nullable Integer numTrainEpochs,
        @Nullable Integer perDeviceTrainBatchSize,
        @Nullable Integer gradientAccumulationSteps,
        @Nullable Double weightDecay,
        @Nullable Double maxGradNorm,
        @Nullable Integer maxLength,
        @Nullable Integer saveSteps,
        @Nullable Boolean gradientCheckpointing) {
    public static final TrainingSpec EMPTY = new TrainingSpec(
            null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null);

    /** This, with what {@code over} names put over it. */
    public TrainingSpec overlaid(TrainingSpec over) {
        return new TrainingSpec(
                first(over.mode, mode),
                first(over.adapter, adapter),
                first(over.beta, beta),
                first(over.labelSmoothing, labelSmoothing),
                first(over.learningRate, learningRate),
                first(over.lrSchedulerType, lrSchedulerType),
                first(over.warmupSteps, warmupSteps),
                first(over.minLrRatio, minLrRatio),
                first(over.numTrainEpochs, numTrainEpochs),
                first(over.perDeviceTrainBatchSize, perDeviceTrainBatchSize),
                first(over.gradientAccumulationSteps, gradientAccumulationSteps),
                first(over.weightDecay, weightDecay),
                first(over.maxGradNorm, maxGradNorm),
                first(over.maxLength, maxLength),
                first(over.saveSteps, saveSteps),
                first(over.gradientCheckpointing, gradientCheckpointing));
    }

    private static <T> @Nullable T first(@Nullable T preferred, @Nullable T fallback) {
        return preferred == null ? fallback : preferred;
    }
}
