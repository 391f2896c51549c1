package io.goodhart.api.facts;

import io.goodhart.domain.validate.PromptFacts;
import io.goodhart.modelfiles.tokenize.Tokenizer;

/** Counts prompts as they pass by. */
final class PromptCount {
    private final Tokenizer tokenizer;
    private int prompts;
    private int longest;

    PromptCount(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    void add(String prompt) {
        prompts++;
        longest = Math.max(longest, TokenBound.tokens(prompt, longest, tokenizer));
    }

    PromptFacts facts() {
        return new PromptFacts(prompts, longest);
    }
}
