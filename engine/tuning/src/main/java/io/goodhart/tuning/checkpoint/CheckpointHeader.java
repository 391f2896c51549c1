package io.goodhart.tuning.checkpoint;

/**
 * What a checkpoint says beside its tensors. The position in the data and all random sources follow from the step.
 *
 * @param step steps done
 * @param tokens running total of attended tokens
 * @param fingerprint hash of everything that decides how training goes on: data, objective, plan, optimiser, schedule
 */
public record CheckpointHeader(int step, long tokens, String fingerprint) {
    public CheckpointHeader {
        if (step < 0 || tokens < 0) {
            throw new IllegalArgumentException("Need step and tokens >= 0, got %d and %d".formatted(step, tokens));
        }
    }
}
