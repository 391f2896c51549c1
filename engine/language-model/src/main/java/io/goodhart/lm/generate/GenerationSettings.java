package io.goodhart.lm.generate;

import io.goodhart.lm.hook.HookPoint;
import io.goodhart.lm.hook.Hooks;
import io.goodhart.tensor.Sampling;
import java.util.List;
import java.util.Set;

/**
 * How to generate.
 *
 * @param maxNewTokens longest response
 * @param samples responses per prompt
 * @param decoding how a token is chosen
 * @param seed of the run
 * @param stopIds tokens that end a response
 * @param batchSize sequences computed at once; changes speed only
 * @param pooledPoints where activations are averaged over the response's tokens
 * @param hooks applied to prompts and responses
 */
public record GenerationSettings(
        int maxNewTokens,
        int samples,
        Decoding decoding,
        long seed,
        List<Integer> stopIds,
        int batchSize,
        Set<HookPoint> pooledPoints,
        Hooks hooks) {
    public GenerationSettings {
        stopIds = List.copyOf(stopIds);
        pooledPoints = Set.copyOf(pooledPoints);
        if (maxNewTokens < 1 || samples < 1 || batchSize < 1) {
            throw new IllegalArgumentException("Need at least 1 new token, sample and sequence, got %d, %d and %d"
                    .formatted(maxNewTokens, samples, batchSize));
        }
    }

    /** One likeliest response to each prompt. */
    public static GenerationSettings greedy(int maxNewTokens, List<Integer> stopIds) {
        return new GenerationSettings(maxNewTokens, 1, new Decoding.Greedy(), 0, stopIds, 64, Set.of(), Hooks.none());
    }

    /** One draw for each prompt. */
    public static GenerationSettings sampled(int maxNewTokens, Sampling sampling, long seed, List<Integer> stopIds) {
        return new GenerationSettings(
                maxNewTokens, 1, new Decoding.Sampled(sampling), seed, stopIds, 64, Set.of(), Hooks.none());
    }

    /** With so many responses per prompt. */
    public GenerationSettings withSamples(int count) {
        return new GenerationSettings(maxNewTokens, count, decoding, seed, stopIds, batchSize, pooledPoints, hooks);
    }

    /** With so many sequences at once. */
    public GenerationSettings withBatchSize(int size) {
        return new GenerationSettings(maxNewTokens, samples, decoding, seed, stopIds, size, pooledPoints, hooks);
    }

    /** With activations averaged at these points. */
    public GenerationSettings withPooled(Set<HookPoint> points) {
        return new GenerationSettings(maxNewTokens, samples, decoding, seed, stopIds, batchSize, points, hooks);
    }

    /** With interventions. */
    public GenerationSettings withHooks(Hooks others) {
        return new GenerationSettings(maxNewTokens, samples, decoding, seed, stopIds, batchSize, pooledPoints, others);
    }
}
