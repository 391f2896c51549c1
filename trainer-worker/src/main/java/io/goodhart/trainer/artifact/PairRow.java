package io.goodhart.trainer.artifact;

import java.util.List;

/**
 * One preference pair, as a line of {@code pairs}. Log-probabilities are sums over the response's tokens, {@code <eos>}
 * included, in nats, of the base model.
 */
public record PairRow(
        int promptIndex,
        List<Integer> promptIds,
        List<Integer> chosenIds,
        List<Integer> rejectedIds,
        double chosenScore,
        double rejectedScore,
        double chosenReferenceLogProb,
        double rejectedReferenceLogProb) {
    public PairRow {
        promptIds = List.copyOf(promptIds);
        chosenIds = List.copyOf(chosenIds);
        rejectedIds = List.copyOf(rejectedIds);
    }
}
