package io.goodhart.api.facts;

import io.goodhart.datasets.Text;
import io.goodhart.domain.validate.TextFacts;
import io.goodhart.modelfiles.tokenize.Tokenizer;

/** Counts texts as they pass by. */
final class TextCount {
    private final Tokenizer tokenizer;
    private final int context;
    private int texts;
    private int tooLong;
    private int positives;

    TextCount(Tokenizer tokenizer, int context) {
        this.tokenizer = tokenizer;
        this.context = context;
    }

    void add(Text text) {
        texts++;
        tooLong += TokenBound.tokens(text.text(), context, tokenizer) > context ? 1 : 0;
        positives += text.positive().orElse(false) ? 1 : 0;
    }

    TextFacts facts() {
        return new TextFacts(texts, tooLong, positives);
    }
}
