package io.goodhart.domain.spec;

/**
 * How preference pairs are made: of k sampled responses to a prompt the lowest score is chosen, the highest rejected.
 *
 * @param prompts number of prompts
 * @param k responses sampled for each prompt
 * @param margin a pair is kept only if its scores differ by at least this; ties are always dropped
 */
public record PairSpec(Integer prompts, Integer k, Double margin) {
    public PairSpec {
        prompts = Require.present(prompts, "prompts");
        k = Require.orElse(k, 5);
        margin = Require.orElse(margin, 0.0);
    }
}
