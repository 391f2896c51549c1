package io.goodhart.domain.spec;

import org.jspecify.annotations.Nullable;

/**
 * How preference pairs are made: of k sampled responses to a prompt the lowest score is chosen, the highest rejected. Arms with
 * {@code label_by: dataset} read theirs from a data set instead.
 *
 * @param prompts number of prompts whose responses are sampled; 0 if every arm reads its pairs
 * @param k responses sampled for each prompt
 * @param margin a pair is kept only if its scores differ by at least this
 * @param ties what becomes of equal scores
 * @param dataset data set with pairs; none if absent
 * @param prompt its field with the prompt: a text, or a list of chat messages
 * @param chosen its field with the completion to prefer, of the same kind
 * @param rejected its field with the other completion, of the same kind
 * @param where which of its rows to keep; all if absent
 * @param examples how many of its pairs, drawn without replacement
 */
public record PairSpec(
        Integer prompts,
        Integer k,
        Double margin,
        Ties ties,
        @Nullable String dataset,
        String prompt,
        String chosen,
        String rejected,
        @Nullable Filter where,
        Integer examples) {
    public PairSpec {
        prompts = Require.orElse(prompts, 0);
        k = Require.orElse(k, 5);
        margin = Require.orElse(margin, 0.0);
        ties = Require.orElse(ties, Ties.DROP);
        prompt = Require.orElse(prompt, "prompt");
        chosen = Require.orElse(chosen, "chosen");
        rejected = Require.orElse(rejected, "rejected");
        examples = Require.orElse(examples, 0);
    }

    /** Pairs that are made of sampled responses. */
    public static PairSpec sampled(int prompts, int k, double margin) {
        return new PairSpec(prompts, k, margin, Ties.DROP, null, "prompt", "chosen", "rejected", null, 0);
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
