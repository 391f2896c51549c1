package io.goodhart.domain.spec;

/**
 * How preference pairs are made: of k sampled responses to a prompt the lowest score is chosen, the highest rejected.
 *
 * @param prompts number of prompts
 * @param k responses sampled for each prompt
 * @param margin a pair is kept only if its scores differ by at least this
 * @param ties what becomes of equal scores
 */
public record PairSpec(Integer prompts, Integer k, Double margin, Ties ties) {
    public PairSpec {
        prompts = Require.present(prompts, "prompts");
        k = Require.orElse(k, 5);
        margin = Require.orElse(margin, 0.0);
        ties = Require.orElse(ties, Ties.DROP);
    }

    /** Which of several responses with the lowest or the highest score is taken. */
    public enum Ties {
        /** The first; no pair if all scores are equal. */
        DROP,
        /** The first, also if all are equal: then the first is chosen and the second rejected. */
        FIRST,
        /** One drawn at random, also if all are equal. */
        RANDOM
    }
}
