package io.goodhart.domain.validate;

import io.goodhart.domain.model.ModelFacts;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the files and the workers say about a specification.
 *
 * @param model the base model
 * @param classifier the behaviour's classifier; empty if something else scores
 * @param prompts eligible prompts
 * @param texts corpora by the path of the field that names them: {@code texts}, {@code evaluation.perplexity.wikitext}, …
 * @param pairs preference pairs of a data set, if the specification names one
 * @param workerMemoryBytes memory of the largest live worker; empty if none is alive
 */
public record ValidationFacts(
        ModelFacts model,
        Optional<ModelFacts> classifier,
        PromptFacts prompts,
        Map<String, TextFacts> texts,
        Optional<PairFacts> pairs,
        OptionalLong workerMemoryBytes) {
    public ValidationFacts {
        texts = Map.copyOf(texts);
    }

    /** Tokens of the longest text, pair or prompt with a response of so many tokens that is read; at most the model's context. */
    public int longestRead(int response) {
        int longest = Math.max(
                prompts.longestTokens() + response,
                pairs.map(PairFacts::longestTokens).orElse(0));
        for (TextFacts corpus : texts.values()) {
            longest = Math.max(longest, corpus.longestTokens());
        }
        return Math.min(longest, model.context());
    }

    /** What is known of one corpus. */
    TextFacts texts(String field) {
        TextFacts found = texts.get(field);
        if (found == null) {
            throw new IllegalArgumentException("No facts about " + field);
        }
        return found;
    }
}
