package io.goodhart.domain.spec;

import org.jspecify.annotations.Nullable;

/**
 * Hyper-parameters with nothing left open.
 *
 * @param mode which weights move
 * @param adapter the adapter, null iff {@code mode} is full
 * @param klWeight γ ≥ 0 of γ·KL(π_ref ‖ π_θ) in the loss, nats per position: of pairs the mean over the chosen plus the mean over the
 *     rejected sequences (Yang et al. 2025), of texts the mean over the texts; 0 without it
 * @param learningRate peak rate
 * @param lrSchedulerType shape after warm-up
 * @param warmupSteps steps of linear warm-up from 0
 * @param minLrRatio share of the peak rate at the last step, in [0, 1]
 * @param numTrainEpochs passes over the data
 * @param perDeviceTrainBatchSize pairs or texts in a micro-batch
 * @param gradientAccumulationSteps micro-batches in an optimiser step
 * @param weightDecay decoupled, not on biases and norms
 * @param maxGradNorm global norm that gradients are clipped to
 * @param maxLength longest prompt + completion in tokens; 0: the model's context
 * @param saveSteps optimiser steps between checkpoints
 */
public record TrainingSettings(
        TrainingMode mode,
        @Nullable AdapterSpec adapter,
        double klWeight,
        double learningRate,
        LrScheduler lrSchedulerType,
        int warmupSteps,
        double minLrRatio,
        int numTrainEpochs,
        int perDeviceTrainBatchSize,
        int gradientAccumulationSteps,
        double weightDecay,
        double maxGradNorm,
        int maxLength,
        int saveSteps) {
    /** Fills what a specification leaves open. */
    public static TrainingSettings of(TrainingSpec spec) {
        TrainingMode mode = Require.orElse(spec.mode(), TrainingMode.LORA);
        return new TrainingSettings(
                mode,
                mode == TrainingMode.FULL ? null : Require.orElse(spec.adapter(), AdapterSpec.DEFAULTS),
                Require.orElse(spec.klWeight(), 0.0),
                Require.orElse(spec.learningRate(), mode == TrainingMode.FULL ? 1e-6 : 1e-4),
                Require.orElse(spec.lrSchedulerType(), LrScheduler.LINEAR),
                Require.orElse(spec.warmupSteps(), 0),
                Require.orElse(spec.minLrRatio(), 0.0),
                Require.orElse(spec.numTrainEpochs(), 1),
                Require.orElse(spec.perDeviceTrainBatchSize(), 8),
                Require.orElse(spec.gradientAccumulationSteps(), 1),
                Require.orElse(spec.weightDecay(), 0.0),
                Require.orElse(spec.maxGradNorm(), 1.0),
                Require.orElse(spec.maxLength(), 0),
                Require.orElse(spec.saveSteps(), 20));
    }
}
