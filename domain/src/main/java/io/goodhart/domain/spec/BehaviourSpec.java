package io.goodhart.domain.spec;

/**
 * What is to be changed. A response shows the behaviour iff its score is at least the threshold.
 *
 * @param name the behaviour's name in tables and plots
 * @param scorer text → score in [0, 1]
 * @param threshold in (0, 1); 0.5 if absent
 */
public record BehaviourSpec(String name, ScorerSpec scorer, Double threshold) {
    public BehaviourSpec {
        name = Require.present(name, "name");
        scorer = Require.present(scorer, "scorer");
        threshold = Require.orElse(threshold, 0.5);
    }
}
