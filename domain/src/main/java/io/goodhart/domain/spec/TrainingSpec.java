package io.goodhart.domain.spec;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Hyper-parameters under TRL's names. Absent ones take the experiment's value, then {@link TrainingSettings}' default.
 * See {@link TrainingSettings} and {@link PairLossSettings} for meanings and units.
 *
 * @param lossType one preference loss, and {@code sft} beside it for a likelihood term on the chosen completions
 * @param lossWeights one weight for each of {@code lossType}; all 1 if absent
 * @param klWeight weight of KL(π_ref ‖ π_θ), of any training
 * @param gradientCheckpointing whether blocks are computed twice to save memory, which changes no number; absent: where a training
 *     fits the workers only so
 */
public record TrainingSpec(
        @Nullable TrainingMode mode,
        @Nullable AdapterSpec adapter,
        @Nullable Double beta,
        @Nullable Double labelSmoothing,
        @Nullable List<LossType> lossType,
        @Nullable List<Double> lossWeights,
        @Nullable Double klWeight,
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
            null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
            null);

    public TrainingSpec {
        lossType = lossType == null ? null : List.copyOf(lossType);
        lossWeights = lossWeights == null ? null : List.copyOf(lossWeights);
    }

    /** This, with what {@code over} names put over it. Loss weights belong to the loss types that they were named with. */
    public TrainingSpec overlaid(TrainingSpec over) {
        return new TrainingSpec(
                first(over.mode, mode),
                first(over.adapter, adapter),
                first(over.beta, beta),
                first(over.labelSmoothing, labelSmoothing),
                first(over.lossType, lossType),
                over.lossType == null ? first(over.lossWeights, lossWeights) : over.lossWeights,
                first(over.klWeight, klWeight),
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
